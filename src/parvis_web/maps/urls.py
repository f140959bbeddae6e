"""Addresses of this app."""

from django.urls import path

from parvis_web.maps import views

app_name = "maps"
urlpatterns = [
    path("maps/<uuid:city_id>/base.pmtiles", views.archive, name="archive"),
    path("maps/<uuid:city_id>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
    path("maps/<uuid:city_id>/picture.png", views.picture, name="picture"),
]
