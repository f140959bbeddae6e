"""Which sections of an authority's pages does a person see in the navigation?"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Role

_ALL = frozenset(Role)
_COORDINATION = frozenset({Role.OWNER, Role.COORDINATOR})
_OWNER = frozenset({Role.OWNER})


@dataclass(frozen=True)
class Section:
    """
    One entry of the navigation.

    Attributes
    ----------
    app : str
        The URL namespace; pages below it mark the entry as current.
    label : str
    icon : str
    roles : frozenset of Role
        Who finds the entry. Rights are checked by the pages themselves.
    is_for_guests : bool
    page : str
        Name of the entry page in the namespace.
    parts : frozenset of str
        Other apps whose pages belong to the section.
    """

    app: str
    label: str | Promise
    icon: str
    roles: frozenset[Role] = _ALL
    is_for_guests: bool = False
    page: str = "list"
    parts: frozenset[str] = frozenset()


WORK = (
    Section(
        "accounts",
        _("Shared with you"),
        "users",
        roles=frozenset(),
        is_for_guests=True,
        page="shared",
    ),
    Section(
        "spaces",
        _("Public spaces"),
        "space",
        is_for_guests=True,
        parts=frozenset({"approach", "scenarios"}),
    ),
    Section("assessments", _("Assessments"), "check-circle", parts=frozenset({"walks"})),
    Section("measures", _("Measures"), "table"),
    Section("dashboard", _("Indicators"), "target"),
    Section("collecting", _("Indicator data"), "upload"),
    Section("releases", _("Releases"), "flag"),
    Section("cities", _("City data"), "layers"),
    Section("runs", _("Runs"), "clock"),
    Section("documents", _("Documents"), "document"),
    Section("publishing", _("Public page"), "globe", _COORDINATION),
)
ADMINISTRATION = (
    Section("accounts", _("People"), "users", _COORDINATION),
    Section("audit", _("Audit"), "history", _OWNER),
    Section("sharing", _("Shared figures"), "document", _OWNER),
    Section("privacy", _("Personal data"), "shield", _COORDINATION),
)


@dataclass(frozen=True)
class Entry:
    """A section with its address."""

    section: Section
    url: str
    is_current: bool


def entries(sections: tuple[Section, ...], actor: Actor, current_app: str) -> list[Entry]:
    """Return what `actor` sees of `sections`; apps without an entry page are left out."""
    found = []
    for section in sections:
        is_shown = section.is_for_guests if actor.role is None else actor.role in section.roles
        if not is_shown:
            continue
        try:
            url = reverse(f"{section.app}:{section.page}", args=[actor.authority.slug])
        except NoReverseMatch:
            continue
        is_current = current_app == section.app or current_app in section.parts
        found.append(Entry(section, url, is_current))
    return found
