"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import agreement as pages
from .views import course, course_map

app_name = "programme"
chart = "clients/<uuid:client_id>/"

agreement = chart + "agreement/"
agreement_urls: list[URLPattern] = [
    path(agreement, pages.agreement_show, name="agreement-show"),
    path(agreement + "begin/", pages.agreement_begin, name="agreement-begin"),
    path(agreement + "terms/", pages.agreement_edit, name="agreement-edit"),
    path(agreement + "goals/", pages.agreement_goals, name="agreement-goals"),
    path(agreement + "show-to-client/", pages.agreement_offer, name="agreement-offer"),
    path(agreement + "agree/", pages.agreement_agree, name="agreement-agree"),
    path(agreement + "new-version/", pages.agreement_revise, name="agreement-revise"),
    path(agreement + "rate/", pages.agreement_rate, name="agreement-rate"),
    path(agreement + "ending-date/", pages.agreement_amend, name="agreement-amend"),
    path(agreement + "extension/", pages.agreement_extend, name="agreement-extend"),
    path(agreement + "extension/<uuid:amendment_id>/", pages.agreement_answer, name="agreement-answer"),
    path("extensions/", pages.agreement_asks, name="extension-list"),
    path("my/agreement/", pages.agreement_mine, name="client-agreement"),
]

map_urls: list[URLPattern] = [
    path(chart + "map/", course_map.course_map_show, name="course-map"),
    path(chart + "map/<slug:code>/override/", course_map.gate_override, name="gate-override"),
]

course_urls: list[URLPattern] = [path(chart + "course/begin/", course.course_begin, name="course-begin")]

urlpatterns: list[URLPattern] = [*course_urls, *map_urls, *agreement_urls]
