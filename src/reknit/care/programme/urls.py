"""Addresses of this room."""

from django.urls import URLPattern, path

from . import views

app_name = "programme"
chart = "clients/<uuid:client_id>/"

agreement = chart + "agreement/"
agreement_urls: list[URLPattern] = [
    path(agreement, views.agreement_show, name="agreement-show"),
    path(agreement + "begin/", views.agreement_begin, name="agreement-begin"),
    path(agreement + "terms/", views.agreement_edit, name="agreement-edit"),
    path(agreement + "goals/", views.agreement_goals, name="agreement-goals"),
    path(agreement + "show-to-client/", views.agreement_offer, name="agreement-offer"),
    path(agreement + "agree/", views.agreement_agree, name="agreement-agree"),
    path(agreement + "new-version/", views.agreement_revise, name="agreement-revise"),
    path(agreement + "rate/", views.agreement_rate, name="agreement-rate"),
    path(agreement + "ending-date/", views.agreement_amend, name="agreement-amend"),
    path(agreement + "extension/", views.agreement_extend, name="agreement-extend"),
    path(agreement + "extension/<uuid:amendment_id>/", views.agreement_answer, name="agreement-answer"),
    path("extensions/", views.agreement_asks, name="extension-list"),
    path("my/agreement/", views.agreement_mine, name="client-agreement"),
]

urlpatterns: list[URLPattern] = [*agreement_urls]
