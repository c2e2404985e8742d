"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "substance_use"
urlpatterns = [
    path("clients/<uuid:client_id>/use/", views.calendar_show, name="calendar-show"),
    path("clients/<uuid:client_id>/use/substances/", views.substance_change, name="substance-change"),
]
