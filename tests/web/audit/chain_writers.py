"""Run as a program: many processes add events to one chain that has not begun yet."""

import multiprocessing
import sys
import uuid


def write(n_events: int, authority_id: str, space_ids: list[str]) -> None:
    """Add events, each in a service's transaction or as a recorded read."""
    from parvis_web.accounts.models import Authority, User
    from parvis_web.accounts.rights import Actor
    from parvis_web.audit.reads import record_read
    from parvis_web.audit.recording import note, service
    from parvis_web.spaces.models import Space

    @service("space.test-count")
    def count(actor: Actor, space: Space) -> None:
        note(space, before={"version": 1}, after={"version": 2}, writer=str(uuid.uuid4()))

    authority = Authority.objects.get(pk=authority_id)
    actor = Actor(authority, User.objects.get(), has_second_factor=True)
    spaces = [Space(pk=pk, authority=authority, marking="RED") for pk in space_ids]
    for number in range(n_events):
        count(actor, spaces[number % len(spaces)])
        record_read(actor, spaces[number % len(spaces)])


def main() -> None:
    """Make the authority, fork the writers, fail where one of them failed."""
    import django

    django.setup()
    from django.db import connections

    from parvis_web.accounts.models import Authority, User

    n_processes, n_events, n_spaces = (int(word) for word in sys.argv[1:])
    authority = Authority.objects.create(name="Tessenmark", slug="tessenmark")
    User.objects.create(email="coordinator@tessenmark.example", name="Coordinator")
    spaces = [str(uuid.uuid4()) for _ in range(n_spaces)]
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    writers = [
        fork.Process(target=write, args=(n_events, str(authority.pk), spaces))
        for _ in range(n_processes)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    failed = sum(writer.exitcode != 0 for writer in writers)
    sys.exit(f"{failed} writers failed" if failed else 0)


if __name__ == "__main__":
    main()
