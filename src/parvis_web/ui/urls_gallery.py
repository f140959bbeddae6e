"""The component gallery, for developers."""

from django.urls.resolvers import URLPattern

app_name = "gallery"
urlpatterns: list[URLPattern] = []
