"""The address anybody may open."""

from django.urls import path

from parvis_web.publishing import views

app_name = "public"
urlpatterns = [path("<slug:slug>/", views.public, name="page")]
