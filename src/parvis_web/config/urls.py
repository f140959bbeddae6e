"""Every address of the application."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

MEMBER_APPS = (
    "accounts",
    "audit",
    "runs",
    "cities",
    "maps",
    "spaces",
    "approach",
    "scenarios",
    "assessments",
    "walks",
    "measures",
    "collecting",
    "releases",
    "dashboard",
    "documents",
    "comments",
    "publishing",
    "sharing",
    "privacy",
)
"""Apps whose pages lie below an authority's address: ``/a/<slug>/``."""

urlpatterns = [
    path("", include("parvis_web.ui.urls")),
    path("language/", set_language, name="set_language"),
    path("account/", include("parvis_web.accounts.urls_account")),
    path("account/", include("allauth.urls")),
    path("public/", include("parvis_web.publishing.urls_public")),
    path("public/", include("parvis_web.releases.urls_public")),
    path("walk/", include("parvis_web.walks.urls_shell")),
    path("api/", include("parvis_web.api.urls")),
    path("", include("parvis_web.operation.urls")),
    *(path("a/<slug:slug>/", include(f"parvis_web.{app}.urls")) for app in MEMBER_APPS),
]
if settings.DEBUG:
    urlpatterns.append(path("ui/", include("parvis_web.ui.urls_gallery")))
