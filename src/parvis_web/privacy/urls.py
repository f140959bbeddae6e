"""Addresses of this app."""

from django.urls.resolvers import URLPattern

app_name = "privacy"
urlpatterns: list[URLPattern] = []
