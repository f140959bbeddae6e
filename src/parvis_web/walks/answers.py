"""How a device is answered: always with JSON, whatever happens, never with a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.errors import ParvisError
from parvis_web.accounts.access import actor_for
from parvis_web.accounts.rights import NotAllowed, SecondFactorNeeded
from parvis_web.assessments.rules import RefusedError
from parvis_web.spaces.rules import RefusedError as SpaceRefusedError
from parvis_web.ui.errors import sentence_of
from parvis_web.walks.rules import GoneError, InsecureError

SHELL = "/walk/"


def problem(status: int, code: str, sentence: str, **more: str) -> JsonResponse:
    """Return what went wrong, for the device to show."""
    return JsonResponse({"sentence": sentence, "code": code, **more}, status=status)


def sign_in_first() -> JsonResponse:
    """Tell that nobody is signed in, and where to do it."""
    address = f"{reverse('account_login')}?next={SHELL}"
    return problem(401, "sign_in", _("Sign in to go on."), sign_in=address)


def second_factor_first(sentence: str) -> JsonResponse:
    """Tell that this session needs a second factor, and where to give it."""
    address = f"{reverse('second_factor')}?next={SHELL}"
    return problem(403, "second_factor", sentence, second_factor=address)


def device_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view `request.actor` as `member_view` does; refuse in JSON."""

    @wraps(view)
    def checked(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first()
        try:
            request.actor = actor_for(request, slug)
            authority = request.actor.authority
            if authority.requires_second_factor and not request.actor.has_second_factor:
                return second_factor_first(_("This authority asks for your second factor."))
            with timezone.override(authority.time_zone):
                return view(request, *args, **kwargs)
        except Http404:
            return problem(404, "not_found", _("There is nothing here for you."))
        except SecondFactorNeeded as needed:
            return second_factor_first(needed.sentence)
        except NotAllowed as refused:
            return problem(403, "not_allowed", refused.sentence)
        except InsecureError as insecure:
            return problem(403, "insecure", insecure.sentence)
        except GoneError as gone:
            return problem(410, "gone", gone.sentence)
        except (RefusedError, SpaceRefusedError) as refused:
            return problem(422, "refused", refused.sentence)
        except ParvisError as error:
            return problem(422, "refused", sentence_of(error))
        except (RequestDataTooBig, TooManyFilesSent):
            return problem(413, "refused", _("This is too much at once. Send it in parts."))

    checked.is_member_view = True  # type: ignore[attr-defined]
    return checked
