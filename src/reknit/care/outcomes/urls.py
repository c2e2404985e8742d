"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "outcomes"
urlpatterns = [
    path("evidence/", views.evidence_show, name="evidence-show"),
    path("clients/<uuid:client_id>/outcomes/", views.course_outcomes_show, name="course-outcomes"),
]
