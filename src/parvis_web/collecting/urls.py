"""Addresses of this app."""

from django.urls import path

from parvis_web.collecting import (
    views,
    views_areas,
    views_protected,
    views_questions,
    views_survey,
    views_waiting,
)

app_name = "collecting"
urlpatterns = [
    path("data/", views.list_, name="list"),
    path("data/new/", views_waiting.new, name="new"),
    path("data/compute/", views_waiting.compute, name="compute"),
    path("data/revisions/", views.revisions, name="revisions"),
    path("data/mappings/", views.mappings, name="mappings"),
    path("data/mappings/<uuid:mapping>/delete/", views.delete_mapping, name="mapping-delete"),
    path("data/areas/", views_areas.list_, name="areas"),
    path("data/areas/new/", views_areas.new, name="areas-new"),
    path("data/areas/<uuid:layer>/remove/", views_areas.remove, name="areas-remove"),
    path("data/areas/<uuid:layer>/bring-back/", views_areas.bring_back, name="areas-bring-back"),
    path("data/questions/", views_questions.questions, name="questions"),
    path("data/reconcile/", views_questions.reconcile, name="reconcile"),
    path("data/protected/", views_protected.list_, name="protected-list"),
    path("data/protected/new/", views_protected.new, name="protected-new"),
    path("data/protected/<uuid:item>/", views_protected.detail, name="protected"),
    path("data/protected/<uuid:item>/sum-up/", views_protected.sum_up, name="protected-sum-up"),
    path("data/protected/<uuid:item>/map/", views_survey.map_, name="protected-map"),
    path("data/protected/<uuid:item>/map.json", views_survey.map_file, name="protected-map-file"),
    path("data/protected/<uuid:item>/people/", views_protected.name_person, name="protected-name"),
    path(
        "data/protected/<uuid:item>/people/<uuid:grant>/end/",
        views_protected.end_person,
        name="protected-end",
    ),
    path("data/deliveries/<uuid:pk>/", views.detail, name="detail"),
    path("data/deliveries/<uuid:pk>/file/", views.file, name="file"),
    path("data/deliveries/<uuid:pk>/values.csv", views.values, name="values"),
    path("data/deliveries/<uuid:pk>/rejected.csv", views_waiting.rejected, name="rejected"),
    path("data/deliveries/<uuid:pk>/read/", views_waiting.read, name="read"),
    path("data/deliveries/<uuid:pk>/keep/", views_waiting.keep, name="keep"),
    path("data/deliveries/<uuid:pk>/discard/", views_waiting.discard, name="discard"),
    path("data/deliveries/<uuid:pk>/remove/", views.remove, name="remove"),
    path("data/deliveries/<uuid:pk>/bring-back/", views.bring_back, name="bring-back"),
]
