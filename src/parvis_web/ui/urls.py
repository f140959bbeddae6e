"""The front door."""

from django.urls import path

from parvis_web.ui import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
