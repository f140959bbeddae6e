"""Addresses about the installation."""

from django.urls import path

from parvis_web.operation import views

app_name = "operation"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
    path("operator/", views.operator, name="operator"),
]
