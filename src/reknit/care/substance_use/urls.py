"""Addresses of this room."""

from django.urls import path

from .views import calendar

app_name = "substance_use"
urlpatterns = [
    path("clients/<uuid:client_id>/use/", calendar.calendar_show, name="calendar-show"),
    path("clients/<uuid:client_id>/use/substances/", calendar.substance_change, name="substance-change"),
]
