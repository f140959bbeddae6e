"""Addresses of walks, below an assessment's address."""

from django.urls import path
from django.urls.resolvers import URLPattern

from parvis_web.walks import views, views_device

app_name = "walks"
_WALK = "assessments/<uuid:aid>/walk/"
_COPY = f"{_WALK}<uuid:copy>/"
urlpatterns: list[URLPattern] = [
    path(_WALK, views.page, name="page"),
    path(f"{_WALK}take/", views_device.take, name="take"),
    path(_COPY, views_device.fresh, name="fresh"),
    path(f"{_COPY}answers/", views_device.answers, name="answers"),
    path(f"{_COPY}photos/", views_device.photos, name="photos"),
    path(f"{_COPY}widths/", views_device.widths, name="widths"),
    path(f"{_COPY}end/", views_device.end, name="end"),
    path(f"{_COPY}withdraw/", views.withdraw, name="withdraw"),
    path(f"{_WALK}widths/<uuid:width>/", views.decide_width, name="decide_width"),
]
