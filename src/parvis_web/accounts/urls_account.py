"""Addresses of one's own account."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
