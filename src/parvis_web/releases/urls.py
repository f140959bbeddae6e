"""Addresses of releases for members."""

from django.urls import path

from parvis_web.releases import views, views_draft

app_name = "releases"
urlpatterns = [
    path("releases/", views.list_, name="list"),
    path("releases/register.<slug:ending>", views.register, name="register"),
    path("releases/new/", views_draft.new, name="new"),
    path("releases/<uuid:pk>/", views.detail, name="detail"),
    path("releases/<uuid:pk>/edit/", views_draft.edit, name="edit"),
    path("releases/<uuid:pk>/items/", views_draft.items, name="items"),
    path("releases/<uuid:pk>/items/<uuid:item>/", views_draft.periods, name="periods"),
    path("releases/<uuid:pk>/areas/", views_draft.areas, name="areas"),
    path("releases/<uuid:pk>/early-readers/", views.early, name="early"),
    path(
        "releases/<uuid:pk>/early-readers/<uuid:reader>/", views.remove_early, name="remove-early"
    ),
    path("releases/<uuid:pk>/<slug:action>/", views.act, name="act"),
]
