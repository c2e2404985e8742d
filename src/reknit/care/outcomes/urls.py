"""Addresses of this room."""

from django.urls import path

from .views import evidence, pack, pages, thread

app_name = "outcomes"
urlpatterns = [
    path("evidence/", evidence.evidence_show, name="evidence-show"),
    path("clients/<uuid:client_id>/outcomes/", pages.course_outcomes_show, name="course-outcomes"),
    path("clients/<uuid:client_id>/thread/", thread.thread_show, name="thread-show"),
    path("clients/<uuid:client_id>/thread/print/", thread.thread_pdf, name="thread-pdf"),
    path("programme/measures/", pack.pack_show, name="pack-show"),
    path("programme/measures/pack.zip", pack.pack_zip, name="pack-zip"),
]
