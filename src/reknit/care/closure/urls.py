"""Addresses of this room."""

from django.urls import URLPattern

app_name = "closure"
urlpatterns: list[URLPattern] = []
