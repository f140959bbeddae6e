"""Addresses of the shell that devices keep: the same for everybody, without any content."""

from django.urls import path
from django.urls.resolvers import URLPattern

from parvis_web.walks import views_shell

app_name = "walk"
urlpatterns: list[URLPattern] = [
    path("", views_shell.shell, name="shell"),
    path("worker.js", views_shell.worker, name="worker"),
    path("shell.json", views_shell.files, name="files"),
    path("app.webmanifest", views_shell.manifest, name="manifest"),
    path("csrf.json", views_shell.csrf, name="csrf"),
]
