"""Addresses of documents."""

from django.urls import path

from parvis_web.documents import releases, views, views_dossier

app_name = "documents"
urlpatterns = [
    path("documents/", views.listed, name="list"),
    path("documents/link/<str:token>/", views.by_link, name="by-link"),
    path("documents/<uuid:pk>/", views.detail, name="detail"),
    path("documents/<uuid:pk>/download/", views.download, name="download"),
    path("documents/<uuid:pk>/<slug:action>/", views.act, name="act"),
    path("spaces/<uuid:pk>/documents/", views.of_space, name="of-space"),
    path("spaces/<uuid:pk>/documents/make/", views.make, name="make"),
    path("spaces/<uuid:pk>/documents/file/", views.file_as_of, name="file-as-of"),
    path("spaces/<uuid:pk>/dossier/", views_dossier.of_space, name="dossier"),
    path("requests/", releases.listed, name="releases"),
    path("requests/new/", releases.new, name="release-new"),
    path("requests/<uuid:pk>/", releases.detail, name="release"),
    path("requests/<uuid:pk>/export/", releases.export, name="release-export"),
]
