"""Addresses anybody may open."""

from django.urls.resolvers import URLPattern

app_name = "public"
urlpatterns: list[URLPattern] = []
