"""Addresses of scenarios, below an authority's address."""

from django.urls import path
from django.urls.resolvers import URLPattern

from parvis_web.scenarios import views, views_compare, views_state

app_name = "scenarios"
_ONE = "spaces/<uuid:pk>/scenarios/<uuid:sid>/"
urlpatterns: list[URLPattern] = [
    path("spaces/<uuid:pk>/scenarios/", views.scenario_list, name="list"),
    path("spaces/<uuid:pk>/scenarios/new/", views.create, name="create"),
    path("spaces/<uuid:pk>/scenarios/compare/", views_compare.compare, name="compare"),
    path("spaces/<uuid:pk>/scenarios/compare/export", views_compare.export, name="export"),
    path(_ONE, views.editor, name="editor"),
    path(f"{_ONE}work/", views.work, name="work"),
    path(f"{_ONE}edit/", views.edit, name="edit"),
    path(f"{_ONE}add/", views.add, name="add"),
    path(f"{_ONE}changes/<int:index>/", views.change_one, name="change"),
    path(f"{_ONE}people/", views.people, name="people"),
    path(f"{_ONE}undo/", views.undo, name="undo"),
    path(f"{_ONE}redo/", views.redo, name="redo"),
    path(f"{_ONE}save/", views.save, name="save"),
    path(f"{_ONE}background/", views_state.background, name="background"),
    path(f"{_ONE}rename/", views_state.rename, name="rename"),
    path(f"{_ONE}duplicate/", views_state.duplicate, name="duplicate"),
    path(f"{_ONE}propose/", views_state.propose, name="propose"),
    path(f"{_ONE}withdraw/", views_state.withdraw, name="withdraw"),
    path(f"{_ONE}sign/", views_state.sign, name="sign"),
    path(f"{_ONE}sheet.pdf", views_state.sheet, name="sheet"),
    path(f"{_ONE}paper/", views_state.paper, name="paper"),
    path(f"{_ONE}scan/<uuid:signature>/", views_state.scan, name="scan"),
    path(f"{_ONE}delete/", views_state.delete, name="delete"),
    path(f"{_ONE}restore/", views_state.restore, name="restore"),
    path(f"{_ONE}versions/<int:number>/", views_state.version, name="version"),
]
