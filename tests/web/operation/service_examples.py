"""Examples of the services of the installation."""

from web.service_examples import example

from parvis_web.accounts.rights import InstanceActor
from parvis_web.operation.services import create_operator, record_backup, record_restore

OPERATOR = InstanceActor(None, via="command")


@example("instance.backup")
def _backup(town):
    record_backup(OPERATOR, seal="0" * 64, n_rows=1, n_files=1)


@example("instance.restore")
def _restore(town):
    record_restore(OPERATOR, seal="0" * 64, n_rows=1)


@example("operator.create")
def _operator(town):
    create_operator(OPERATOR, email="operator@example.org")
