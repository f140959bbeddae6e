"""The component gallery, for developers."""

from django.urls import path

from parvis_web.ui import gallery

app_name = "gallery"
urlpatterns = [
    path("", gallery.components, name="list"),
    path("map/", gallery.big_map, name="map"),
    path("error/<int:code>/", gallery.error, name="error"),
]
