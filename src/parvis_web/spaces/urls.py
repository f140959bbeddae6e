"""Addresses of public spaces, below an authority's address."""

from django.urls import path
from django.urls.resolvers import URLPattern

from parvis_web.spaces import (
    views,
    views_area,
    views_files,
    views_layout_changes,
    views_layouts,
    views_site,
    views_underlay,
)

app_name = "spaces"
urlpatterns: list[URLPattern] = [
    path("spaces/", views.space_list, name="list"),
    path("spaces/overlay.geojson", views.overlay, name="overlay"),
    path("spaces/export", views.export, name="export"),
    path("spaces/new/", views_area.draw, name="draw"),
    path("spaces/<uuid:pk>/", views.detail, name="detail"),
    path("spaces/<uuid:pk>/card/", views.card, name="card"),
    path("spaces/<uuid:pk>/area/", views_area.edit, name="edit"),
    path("spaces/<uuid:pk>/settings/", views.settings, name="settings"),
    path("spaces/<uuid:pk>/history/", views.history, name="history"),
    path("spaces/<uuid:pk>/remove/", views.remove, name="remove"),
    path("spaces/<uuid:pk>/bring-back/", views.bring_back, name="bring-back"),
    path("spaces/<uuid:pk>/area/<int:number>/restore/", views.restore_area, name="restore-area"),
    path("spaces/<uuid:pk>/site/", views_site.site, name="site"),
    path("spaces/<uuid:pk>/site/enter/", views_site.enter, name="enter"),
    path("spaces/<uuid:pk>/site/sheet/", views_site.upload_sheet, name="upload-sheet"),
    path("spaces/<uuid:pk>/site/sheet/confirm/", views_site.confirm_sheet, name="confirm-sheet"),
    path("spaces/<uuid:pk>/site/survey-sheet.<slug:ending>", views_site.sheet, name="sheet"),
    path("spaces/<uuid:pk>/site/<uuid:correction>/withdraw/", views_site.withdraw, name="withdraw"),
    path("spaces/<uuid:pk>/evidence/<uuid:item>/", views_site.evidence, name="evidence"),
    path("spaces/<uuid:pk>/files/", views_files.files, name="files"),
    path("spaces/<uuid:pk>/files/<uuid:item>/remove/", views_files.remove_file, name="remove-file"),
    path(
        "spaces/<uuid:pk>/files/<uuid:item>/bring-back/",
        views_files.bring_back_file,
        name="bring-back-file",
    ),
    path("spaces/<uuid:pk>/layouts/", views_layouts.layouts, name="layouts"),
    path("spaces/<uuid:pk>/layouts/sheet/", views_layouts.layout_sheet, name="layout-sheet"),
    path("spaces/<uuid:pk>/layouts/place/", views_layout_changes.place, name="layout-place"),
    path(
        "spaces/<uuid:pk>/layouts/take-off/", views_layout_changes.take_off, name="layout-take-off"
    ),
    path("spaces/<uuid:pk>/layouts/remove/", views_layout_changes.remove, name="layout-remove"),
    path(
        "spaces/<uuid:pk>/layouts/bring-back/",
        views_layout_changes.bring_back,
        name="layout-bring-back",
    ),
    path("spaces/<uuid:pk>/plans/", views_underlay.plans, name="plans"),
    path("spaces/<uuid:pk>/plans/<uuid:item>/", views_underlay.underlay, name="underlay"),
    path("spaces/<uuid:pk>/plans/<uuid:item>/image/", views_underlay.image, name="underlay-image"),
    path(
        "spaces/<uuid:pk>/plans/<uuid:item>/points/<int:number>/remove/",
        views_underlay.remove_point,
        name="remove-point",
    ),
    path(
        "spaces/<uuid:pk>/plans/<uuid:item>/remove/",
        views_underlay.remove_underlay,
        name="remove-underlay",
    ),
    path(
        "spaces/<uuid:pk>/plans/<uuid:item>/bring-back/",
        views_underlay.bring_back_underlay,
        name="bring-back-underlay",
    ),
]
