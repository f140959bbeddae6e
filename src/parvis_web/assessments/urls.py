"""Addresses of assessments, below an authority's address."""

from django.urls import path
from django.urls.resolvers import URLPattern

from parvis_web.assessments import (
    views,
    views_arranging,
    views_computed,
    views_files,
    views_imports,
    views_papers,
    views_sections,
    views_states,
    views_waiting,
)

app_name = "assessments"
_ONE = "assessments/<uuid:aid>/"
urlpatterns: list[URLPattern] = [
    path("assessments/", views.assessment_list, name="list"),
    path("assessments/waiting/", views_waiting.waiting, name="waiting"),
    path("assessments/frameworks/", views.frameworks, name="frameworks"),
    path(
        "assessments/frameworks/<uuid:fid>/remove/",
        views.remove_framework,
        name="remove_framework",
    ),
    path("assessments/begin/<slug:key>/", views.begin, name="begin"),
    path("spaces/<uuid:pk>/assessments/", views.of_space, name="of_space"),
    path(_ONE, views.detail, name="detail"),
    path(f"{_ONE}sections/<slug:key>/", views_sections.section, name="section"),
    path(f"{_ONE}answer/", views_sections.answer, name="answer"),
    path(f"{_ONE}computed/", views_computed.take, name="take_computed"),
    path(f"{_ONE}history/", views_sections.history, name="history"),
    path(f"{_ONE}files/", views_files.attach, name="attach"),
    path(f"{_ONE}files/<uuid:file>/", views_files.download, name="file"),
    path(f"{_ONE}files/<uuid:file>/remove/", views_files.remove, name="detach"),
    path(f"{_ONE}arrange/", views_arranging.arrange, name="arrange"),
    path(f"{_ONE}entries/", views_arranging.add_entry, name="add_entry"),
    path(f"{_ONE}assign/", views_arranging.assign, name="assign"),
    path(f"{_ONE}assign/<uuid:row>/remove/", views_arranging.unassign, name="unassign"),
    path(f"{_ONE}submit/", views_states.submit, name="submit"),
    path(f"{_ONE}send-back/", views_states.send_back, name="send_back"),
    path(f"{_ONE}sign/", views_states.sign, name="sign"),
    path(f"{_ONE}paper/", views_states.paper, name="paper"),
    path(f"{_ONE}revise/", views_states.revise, name="revise"),
    path(f"{_ONE}move/", views_states.move, name="move"),
    path(f"{_ONE}delete/", views_states.delete, name="delete"),
    path(f"{_ONE}restore/", views_states.restore, name="restore"),
    path(f"{_ONE}decide/", views_states.decide, name="decide"),
    path(f"{_ONE}exchange/", views_papers.exchange, name="exchange"),
    path(f"{_ONE}report.<slug:ending>", views_papers.report, name="report"),
    path(f"{_ONE}answers.<slug:ending>", views_papers.answers, name="answers"),
    path(f"{_ONE}form.xlsx", views_papers.form, name="form"),
    path(f"{_ONE}register/<slug:key>/", views_papers.register, name="register"),
    path(f"{_ONE}import/", views_imports.send, name="send"),
    path(f"{_ONE}import/<uuid:row>/", views_imports.brought, name="import"),
    path(f"{_ONE}import/<uuid:row>/discard/", views_imports.discard, name="discard"),
    path(f"{_ONE}settle/<uuid:reply>/", views_states.settle, name="settle"),
]
