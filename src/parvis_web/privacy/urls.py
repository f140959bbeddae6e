"""Addresses of the record of processing."""

from django.urls import path

from parvis_web.privacy import views

app_name = "privacy"
urlpatterns = [
    path("personal-data/", views.listed, name="list"),
    path("personal-data/new/", views.new, name="new"),
    path("personal-data/export/", views.export, name="export"),
    path("personal-data/templates/<slug:name>/", views.template, name="template"),
    path("personal-data/names/", views.names, name="names"),
    path("personal-data/names/<uuid:person>/", views.erase, name="erase"),
    path("personal-data/<uuid:pk>/", views.change, name="change"),
    path("personal-data/<uuid:pk>/delete/", views.delete, name="delete"),
]
