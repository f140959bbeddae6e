"""Addresses of published figures, which anybody may open."""

from django.urls import path

from parvis_web.releases import views_public

app_name = "public-figures"
urlpatterns = [
    path("<slug:slug>/figures/", views_public.overview, name="list"),
    path("<slug:slug>/figures/<uuid:pk>/", views_public.release, name="release"),
    path("<slug:slug>/figures/<uuid:pk>/<slug:key>/embed/", views_public.embed, name="embed"),
    path(
        "<slug:slug>/figures/<uuid:pk>/<slug:key>.<slug:ending>",
        views_public.download,
        name="download",
    ),
]
