"""Run as a program: write to one chain, with a file per write, until told to stop."""

import sys
import time
import uuid
from pathlib import Path

import django

django.setup()

from parvis_web.accounts.models import Authority  # noqa: E402
from parvis_web.accounts.rights import Actor, InstanceActor  # noqa: E402
from parvis_web.audit.anchors import write_anchors  # noqa: E402
from parvis_web.audit.recording import note, service  # noqa: E402
from parvis_web.cities.models import City  # noqa: E402
from parvis_web.config.data import authority_folder  # noqa: E402
from parvis_web.spaces.models import Space  # noqa: E402


@service("space.test-add")
def add(actor: Actor, *, city: City, name: str) -> None:
    """Add a space whose name is that of a file written before."""
    space = Space.objects.create(authority=actor.authority, city=city, name=name)
    note(space, after={"name": name})


def main() -> None:
    """Write until the file STOP is there; then say how many spaces there are."""
    stop = Path(sys.argv[1])
    authority = Authority.objects.create(name="Tessenmark", slug="tessenmark")
    city = City.objects.create(authority=authority, name="Tessenmark", store="tessenmark")
    actor = Actor(authority)
    while not stop.exists():
        name = str(uuid.uuid4())
        (authority_folder(authority.pk) / name).write_text(name)
        add(actor, city=city, name=name)
        if name[0] in "01":
            write_anchors(InstanceActor(None, via="test"))
        time.sleep(0.002)
    print(Space.objects.count())  # noqa: T201


if __name__ == "__main__":
    main()
