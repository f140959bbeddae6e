"""Addresses of this app."""

from django.urls import path

from parvis_web.dashboard import views, views_peers, views_report, views_settings

app_name = "dashboard"
urlpatterns = [
    path("indicators/", views.list_, name="list"),
    path("indicators/blocks/<slug:key>/", views.block, name="block"),
    path("indicators/blocks/<slug:key>/<slug:theme>/", views.theme, name="theme"),
    path("indicators/cards/<slug:code>/", views.card, name="card"),
    path("indicators/cards/<slug:code>/areas/", views.map_, name="map"),
    path("indicators/figures/<slug:name>.<slug:ending>", views.figure, name="figure"),
    path("indicators/peers/", views_peers.peers, name="peers"),
    path("indicators/peers/new/", views_peers.add, name="peer-new"),
    path("indicators/peers/<uuid:pk>/remove/", views_peers.remove, name="peer-remove"),
    path("indicators/report/", views_report.report, name="report"),
    path("indicators/report/report.pdf", views_report.pdf, name="report-pdf"),
    path("indicators/report/report.html", views_report.html, name="report-html"),
    path("indicators/settings/", views_settings.settings, name="settings"),
    path("indicators/settings/base-year/", views_settings.base_year, name="base-year"),
    path("indicators/settings/areas/", views_settings.city_area, name="city-area"),
    path("indicators/settings/<slug:code>/", views_settings.indicator, name="indicator"),
]
