"""Addresses of share files."""

from django.urls import path

from parvis_web.sharing import views

app_name = "sharing"
urlpatterns = [
    path("sharing/", views.listed, name="list"),
    path("sharing/make/", views.make, name="make"),
    path("sharing/receive/", views.receive, name="receive"),
    path("sharing/<uuid:pk>/", views.download, name="download"),
    path("sharing/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
