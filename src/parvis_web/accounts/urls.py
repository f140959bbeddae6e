"""Addresses of people, names on objects, markings, tokens and settings of an authority."""

from django.urls import path

from parvis_web.accounts.views import objects, people, settings, shared, tokens

app_name = "accounts"
urlpatterns = [
    path("people/", people.people, name="list"),
    path("people/invite/", people.invite, name="invite"),
    path("people/leave/", people.leave, name="leave"),
    path("people/named/", people.named, name="named"),
    path("people/named/<uuid:grant_id>/end/", people.end_named, name="end_named"),
    path("people/invitations/<uuid:invitation_id>/revoke/", people.revoke, name="revoke"),
    path("people/<uuid:member_id>/", people.member, name="member"),
    path("people/<uuid:member_id>/end/", people.end, name="end"),
    path("shared/", shared.shared, name="shared"),
    path("settings/", settings.authority, name="settings"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("share/<str:kind>/<uuid:object_id>/", objects.share, name="share"),
    path("marking/proposals/<uuid:proposal_id>/", objects.decide, name="decide"),
    path("marking/<str:kind>/<uuid:object_id>/", objects.mark, name="mark"),
]
