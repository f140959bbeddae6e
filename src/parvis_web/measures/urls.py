"""Addresses of measures, below an authority's address."""

from django.urls import path
from django.urls.resolvers import URLPattern

from parvis_web.measures import views

app_name = "measures"
urlpatterns: list[URLPattern] = [
    path("measures/", views.listed, name="list"),
    path("measures/export.<slug:ending>", views.export, name="export"),
    path("measures/<uuid:mid>/", views.detail, name="detail"),
    path("measures/<uuid:mid>/state/", views.move, name="move"),
    path("assessments/<uuid:aid>/measures/", views.from_finding, name="from_finding"),
    path("spaces/<uuid:pk>/measures/", views.of_space, name="of_space"),
]
