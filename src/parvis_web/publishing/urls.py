"""Addresses of what an authority prepares for the public."""

from django.urls import path

from parvis_web.publishing import views

app_name = "publishing"
urlpatterns = [
    path("public/", views.overview, name="list"),
    path("public/page/", views.page, name="page"),
    path("public/spaces/<uuid:space_id>/", views.write, name="write"),
    path("public/texts/<uuid:entry_id>/", views.review, name="review"),
    path("public/texts/<uuid:entry_id>/<slug:action>/", views.act, name="act"),
]
