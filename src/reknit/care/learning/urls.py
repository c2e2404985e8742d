"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import sandbox

app_name = "learning"
urlpatterns: list[URLPattern] = [
    path("practice/", sandbox.sandbox_list, name="sandbox-list"),
    path("practice/<uuid:client_id>/forward/", sandbox.sandbox_forward, name="sandbox-forward"),
    path("practice/<uuid:client_id>/restart/", sandbox.sandbox_restart, name="sandbox-restart"),
    path("practice/<uuid:client_id>/end/", sandbox.sandbox_end, name="sandbox-end"),
]
