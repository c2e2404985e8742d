"""Addresses of this room."""

from django.urls import path

from .views import client, clinician, entrance, programme

app_name = "home"
urlpatterns = [
    path("", entrance.front, name="front"),
    path("today/", clinician.day, name="today"),
    path("clients/", clinician.caseload, name="caseload"),
    path("clients/<uuid:client_id>/", clinician.client_course, name="client-course"),
    path("programme/", programme.programme, name="programme"),
    path("my/", client.client_front, name="client-front"),
]
