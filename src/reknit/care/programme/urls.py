"""Addresses of the course map."""

from django.urls import path

from . import views

app_name = "programme"
urlpatterns = [
    path("clients/<uuid:client_id>/map/", views.course_map_show, name="course-map"),
    path("clients/<uuid:client_id>/map/<slug:code>/override/", views.gate_override, name="gate-override"),
]
