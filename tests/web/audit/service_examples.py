"""Examples of the services of the audit chains."""

from web.service_examples import example

from parvis_web.accounts.rights import InstanceActor
from parvis_web.audit.anchors import record_anchors
from parvis_web.audit.services import erase_person, record_export


@example("audit.erase-person")
def _erase(town):
    erase_person(town.actor("owner"), town.person("reader"))


@example("audit.export")
def _export(town):
    record_export(town.actor("owner"), file_format="csv", filters={})


@example("audit.anchor")
def _anchor(town):
    record_anchors(InstanceActor(None), n_lines=0, last="")
