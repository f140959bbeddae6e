"""How does a page take a large file: told to be too large before it is read, strangers first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from parvis_web.accounts.access import member_view

FORM_ROOM = 2**20
"""What a form may hold beside its files. [byte]"""


def upload_view(most: Callable[[], int]) -> Callable[[Callable[..., HttpResponse]], Any]:
    """
    Make a member's view take uploads of up to `most` bytes.

    The form's token is checked after the person and the size are: checking it reads the whole
    upload.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Any:
        checked = member_view(csrf_protect(view))

        @csrf_exempt
        @wraps(checked)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            size = request.META.get("CONTENT_LENGTH") or "0"
            if size.isdigit() and int(size) > most() + FORM_ROOM:
                return render(request, "413.html", status=413)
            return checked(request, *args, **kwargs)

        return limited

    return decorate
