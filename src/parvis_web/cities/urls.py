"""Addresses of this app."""

from django.urls import path

from parvis_web.cities import views, views_layers

app_name = "cities"
urlpatterns = [
    path("cities/", views.list_, name="list"),
    path("cities/new/", views.new, name="new"),
    path("cities/<uuid:pk>/", views.detail, name="detail"),
    path("cities/<uuid:pk>/replace/", views.replace, name="replace"),
    path("cities/<uuid:pk>/rename/", views.rename, name="rename"),
    path("cities/<uuid:pk>/remove/", views.remove, name="remove"),
    path("cities/<uuid:pk>/bring-back/", views.bring_back, name="bring-back"),
    path("cities/<uuid:pk>/layers/", views_layers.list_, name="layers"),
    path("cities/<uuid:pk>/layers/new/", views_layers.add, name="layer-add"),
    path("cities/<uuid:pk>/layers/<uuid:layer>/remove/", views_layers.remove, name="layer-remove"),
    path(
        "cities/<uuid:pk>/layers/<uuid:layer>/bring-back/",
        views_layers.bring_back,
        name="layer-bring-back",
    ),
]
