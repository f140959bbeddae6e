"""Every write is a service, and every service leaves an event."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from web.service_examples import load_examples

import parvis_web
from parvis_web.audit.models import AuditEvent
from parvis_web.audit.recording import SERVICES
from parvis_web.audit.verification import verify_everything

ROOT = Path(parvis_web.__file__).parent
READERS = ("views", "queries", "api", "forms", "rules")
WRITES = {
    "save",
    "create",
    "delete",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "acreate",
    "asave",
    "adelete",
    "aupdate",
}


def modules(*names):
    """Every module of an app called so, or lying in a package called so."""
    return sorted(
        file
        for file in ROOT.rglob("*.py")
        if any(
            file.stem == name or file.stem.startswith(f"{name}_") or name in file.parts[:-1]
            for name in names
        )
        and "management" not in file.parts
        and "migrations" not in file.parts
    )


def writes(tree):
    """
    Calls that write to the database, by line.

    ``hash.update(data)``, ``image.save(file)`` and ``cache.delete(key)`` take a positional
    argument; what Django's models and querysets write takes none.
    """
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITES
            and not (node.args and node.func.attr in {"save", "update", "delete"})
            and not (node.func.attr == "update" and not node.keywords)
            and "session" not in ast.unparse(node.func.value)
        ):
            yield node.lineno, ast.unparse(node)


def is_service(function):
    return any(
        isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "service"
        for decorator in function.decorator_list
    )


def all_services():
    for file in modules("services"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        import_module(".".join(("parvis_web", *parts)).removesuffix(".__init__"))
    for config in apps.get_app_configs():
        assert config.module
    return {action for action in SERVICES if ".test-" not in action}


@pytest.mark.parametrize("file", modules(*READERS), ids=lambda file: str(file.relative_to(ROOT)))
def test_what_reads_never_writes(file):
    found = [f"{file}:{line}: {call}" for line, call in writes(ast.parse(file.read_text()))]
    assert not found, "\n".join(found)


def helpers_that_write():
    """Public functions beside services that write without being one."""
    return {
        function.name: file
        for file in modules("services")
        for function in ast.parse(file.read_text()).body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and not is_service(function)
        and list(writes(function))
    }


def test_only_services_use_what_writes_beside_them():
    helpers, services = helpers_that_write(), modules("services")
    found = [
        f"{file}: imports {alias.name}, which writes and is no service"
        for file in ROOT.rglob("*.py")
        if file not in services
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and "services" in (node.module or "")
        for alias in node.names
        if alias.name in helpers
    ]
    assert not found, "\n".join(found)


def test_every_service_has_an_example_and_every_example_a_service():
    examples, services = set(load_examples()), all_services()
    assert not services - examples, f"services without example: {sorted(services - examples)}"
    assert not examples - services, f"examples without service: {sorted(examples - services)}"


@pytest.mark.parametrize("action", sorted(load_examples()))
def test_every_service_leaves_an_event(action, here, settings, tmp_path):
    settings.PARVIS_DATA = tmp_path
    load_examples()[action](here)
    assert AuditEvent.objects.filter(action=action).exists(), f"{action} left no event"
    assert verify_everything() == []
