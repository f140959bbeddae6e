"""Addresses of comments, below an authority's address."""

from django.urls import path

from parvis_web.comments import views

app_name = "comments"
urlpatterns = [
    path("comments/<uuid:comment_id>/<slug:action>/", views.act, name="act"),
    path("comments/on/<str:kind>/<uuid:object_id>/", views.on, name="on"),
]
