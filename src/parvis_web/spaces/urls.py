"""Addresses of public spaces, below an authority's address."""

from django.urls import path
from django.urls.resolvers import URLPattern

from parvis_web.spaces import views, views_area

app_name = "spaces"
urlpatterns: list[URLPattern] = [
    path("spaces/", views.space_list, name="list"),
    path("spaces/overlay.geojson", views.overlay, name="overlay"),
    path("spaces/export", views.export, name="export"),
    path("spaces/new/", views_area.draw, name="draw"),
    path("spaces/<uuid:pk>/", views.detail, name="detail"),
    path("spaces/<uuid:pk>/area/", views_area.edit, name="edit"),
    path("spaces/<uuid:pk>/settings/", views.settings, name="settings"),
    path("spaces/<uuid:pk>/history/", views.history, name="history"),
    path("spaces/<uuid:pk>/remove/", views.remove, name="remove"),
    path("spaces/<uuid:pk>/bring-back/", views.bring_back, name="bring-back"),
    path("spaces/<uuid:pk>/area/<int:number>/restore/", views.restore_area, name="restore-area"),
]
