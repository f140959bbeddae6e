"""Addresses of approach analyses, statements about vehicles and closure plans of a space."""

from django.urls import path

from parvis_web.approach.views import assumptions, closures, files, results, spaces

app_name = "approach"

_SPACE = "spaces/<uuid:pk>/approach/"
_ONE = f"{_SPACE}<uuid:analysis>/"
_PLAN = f"{_SPACE}closures/<uuid:plan>/"

urlpatterns = [
    path(_SPACE, spaces.overview, name="space"),
    path(f"{_SPACE}new/", spaces.start, name="start"),
    path(f"{_SPACE}all/", spaces.all_runs, name="all"),
    path(f"{_SPACE}compare/", spaces.compare, name="compare"),
    path(f"{_SPACE}vehicles/", assumptions.history, name="vehicles"),
    path(f"{_SPACE}vehicles/new/", assumptions.state, name="state"),
    path(f"{_SPACE}vehicles/file/", assumptions.read_file, name="read-file"),
    path(f"{_SPACE}vehicles/withdraw/", assumptions.withdraw, name="withdraw"),
    path(_ONE, results.result, name="result"),
    path(f"{_ONE}points/<int:number>/", results.point, name="point"),
    path(f"{_ONE}overlay.geojson", files.overlay, name="overlay"),
    path(f"{_ONE}map.svg", files.map_picture, name="picture"),
    path(f"{_ONE}profile.svg", files.profile_picture, name="profile"),
    path(f"{_ONE}export/<str:ending>", files.export, name="export"),
    path(f"{_ONE}cancel/", results.cancel, name="cancel"),
    path(f"{_ONE}remove/", results.remove, name="remove"),
    path(f"{_ONE}restore/", results.restore, name="restore"),
    path(f"{_ONE}closure/", closures.start, name="closure-start"),
    path(_PLAN, closures.plan, name="closure"),
    path(f"{_PLAN}overlay.geojson", closures.overlay, name="closure-overlay"),
    path(f"{_PLAN}map.svg", closures.map_picture, name="closure-picture"),
    path(f"{_PLAN}export/<str:ending>", closures.export, name="closure-export"),
    path(f"{_PLAN}cancel/", closures.cancel, name="closure-cancel"),
    path(f"{_PLAN}remove/", closures.remove, name="closure-remove"),
    path(f"{_PLAN}restore/", closures.restore, name="closure-restore"),
]
