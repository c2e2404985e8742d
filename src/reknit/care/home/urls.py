"""Addresses of this room."""

from django.urls import path

from .views import client, clinician, entrance, handover, programme, search

app_name = "home"
urlpatterns = [
    path("", entrance.front, name="front"),
    path("today/", clinician.day, name="today"),
    path("search/", search.client_search, name="client-search"),
    path("clients/", clinician.caseload, name="caseload"),
    path("clients/<uuid:client_id>/", clinician.client_course, name="client-course"),
    path("programme/", programme.programme, name="programme"),
    path("leave/<uuid:absence_id>/", handover.handover_show, name="handover-show"),
    path("leave/read/<uuid:handover_id>/", handover.handover_confirm, name="handover-confirm"),
    path("my/", client.client_front, name="client-front"),
]
