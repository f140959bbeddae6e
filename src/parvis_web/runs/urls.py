"""Addresses of this app."""

from django.urls import path

from parvis_web.runs import views

app_name = "runs"
urlpatterns = [
    path("runs/", views.list_, name="list"),
    path("runs/<uuid:pk>/", views.detail, name="detail"),
    path("runs/<uuid:pk>/progress/", views.progress, name="progress"),
    path("runs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("runs/<uuid:pk>/retry/", views.retry, name="retry"),
]
