"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import agreement as pages
from .views import course, course_map
from .views import protocols as protocol

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

version = "protocols/<str:code>/<str:version>/"
protocol_urls: list[URLPattern] = [
    path("protocols/", protocol.protocol_list, name="protocol-list"),
    path(version, protocol.protocol_show, name="protocol-show"),
    path(version + "copy/", protocol.protocol_copy, name="protocol-copy"),
    path(version + "next/", protocol.protocol_next, name="protocol-next"),
    path(version + "change/<slug:part>/", protocol.protocol_change, name="protocol-change"),
    path(version + "measures/<str:name>/", protocol.protocol_set, name="protocol-set"),
    path(version + "tasks/", protocol.protocol_task_add, name="protocol-task-add"),
    path(version + "tasks/<str:key>/", protocol.protocol_task, name="protocol-task"),
    path(version + "tasks/<str:key>/out/", protocol.protocol_task_drop, name="protocol-task-drop"),
    path(version + "changes/", protocol.protocol_changes, name="protocol-changes"),
    path(version + "submit/", protocol.protocol_submit, name="protocol-submit"),
    path(version + "take-back/", protocol.protocol_take_back, name="protocol-take-back"),
    path(version + "answer/", protocol.protocol_answer, name="protocol-answer"),
    path(version + "withdraw/", protocol.protocol_withdraw, name="protocol-withdraw"),
]

urlpatterns: list[URLPattern] = [*course_urls, *map_urls, *agreement_urls, *protocol_urls]
