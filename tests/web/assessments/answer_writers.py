"""Run as a program: many assessors answer one assessment at once."""

import multiprocessing
import sys
import time

LONGEST_PAUSE = 1.0
"""Somebody reads the next question before answering it, however shortly. [s]"""


def write(n_answers: int, writer: int, assessment_id: str) -> None:
    """Answer items in turn, each a transaction of its own."""
    from parvis_web.accounts.models import User
    from parvis_web.accounts.rights import Actor
    from parvis_web.accounts.vocabulary import Role
    from parvis_web.assessments.held import engine_of
    from parvis_web.assessments.models import Assessment
    from parvis_web.assessments.services_replies import give_reply

    assessment = Assessment.objects.select_related("authority", "framework").get(pk=assessment_id)
    user = User.objects.get(email=f"assessor-{writer}@tessenmark.example")
    actor = Actor(assessment.authority, user, Role.COORDINATOR)
    held = engine_of(assessment)
    items = {
        key: [level.key for level in held.framework.scale(item.question.scale).levels]
        for key, item in held.items.items()
        if item.question.kind == "scale"
    }
    for number in range(n_answers):
        time.sleep(LONGEST_PAUSE * ((7 * number + 13 * writer) % 20) / 20)
        item = list(items)[(number + writer) % len(items)]
        value = items[item][writer % len(items[item])]
        give_reply(actor, assessment, item=item, state="answered", value=value)


def main() -> None:
    """Make the assessment, fork the assessors, fail where one of them failed."""
    import django

    django.setup()
    from django.db import connections

    from parvis_web.accounts.models import Authority, User
    from parvis_web.accounts.rights import Actor
    from parvis_web.accounts.vocabulary import Role
    from parvis_web.assessments.queries import offer_of
    from parvis_web.assessments.services import begin_assessment

    n_writers, n_answers = (int(word) for word in sys.argv[1:])
    authority = Authority.objects.create(name="Tessenmark", slug="tessenmark")
    for number in range(n_writers):
        User.objects.create(email=f"assessor-{number}@tessenmark.example", name=f"A {number}")
    offer = offer_of(authority, "city-data-checklist")
    assessment = begin_assessment(
        Actor(authority, User.objects.first(), Role.COORDINATOR),
        offer.framework,
        text=offer.text,
        subject_name="Tessenmark",
    )
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    writers = [
        fork.Process(target=write, args=(n_answers, number, str(assessment.pk)))
        for number in range(n_writers)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    failed = sum(writer.exitcode != 0 for writer in writers)
    sys.exit(f"{failed} assessors failed" if failed else 0)


if __name__ == "__main__":
    main()
