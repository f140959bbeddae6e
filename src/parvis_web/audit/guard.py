"""Does any request write to our tables outside a service: the guard that the tests run with."""

import re
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection
from django.http import HttpRequest, HttpResponse

from parvis_web.audit.recording import in_service

_WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
_OWN_BOOKS = {"audit", "runs"}


class UnguardedWriteError(RuntimeError):
    """A request wrote to one of our tables outside a service."""


def _guarded_tables() -> set[str]:
    return {
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("parvis_web.") and config.label not in _OWN_BOOKS
        for model in config.get_models(include_auto_created=True)
    }


class WriteGuardMiddleware:
    """Raises where a request writes to our tables outside a service."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.tables = _guarded_tables()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Watch every statement of the request."""
        with connection.execute_wrapper(self._watch):
            return self.get_response(request)

    def _watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and found.group(1) in self.tables and not in_service():
            raise UnguardedWriteError(sql)
        return execute(sql, params, many, context)
