"""Addresses of this room."""

from django.urls import URLPattern

app_name = "substance_use"
urlpatterns: list[URLPattern] = []
