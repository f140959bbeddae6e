"""One run of every service of the public page."""

from web.service_examples import example

from parvis_web.publishing import services

CONTENT = {"title": "Market Square", "summary": "The square stays open.", "measures": []}


def _proposed(town):
    entry = services.write_entry(town.actor("coordinator"), town.space(), content=CONTENT)
    services.propose_entry(town.actor("coordinator"), entry)
    return entry


@example("public_page.set")
def set_page(town):
    services.set_page(town.actor("owner"), is_on=True, introduction="", contact="")


@example("public_entry.write")
def write(town):
    services.write_entry(town.actor("coordinator"), town.space(), content=CONTENT)


@example("public_entry.propose")
def propose(town):
    _proposed(town)


@example("public_entry.approve")
def approve(town):
    entry = _proposed(town)
    services.approve_entry(town.actor("owner"), entry, digest=entry.digest)


@example("public_entry.withdraw")
def withdraw(town):
    services.withdraw_entry(town.actor("coordinator"), _proposed(town))
