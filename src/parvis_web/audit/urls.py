"""Addresses of the audit pages."""

from django.urls import path

from parvis_web.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.browse, name="list"),
    path("audit/check/", views.check, name="check"),
    path("audit/export/", views.export, name="export"),
]
