"""Addresses of this room."""

from django.urls import path

from .views import client, clinician

app_name = "measures"
CHART = "clients/<uuid:client_id>/measures/"

clinician_urls = [
    path(CHART, clinician.measure_list, name="measure-list"),
    path(f"{CHART}<slug:measure>/give/", clinician.administration_add, name="administration-add"),
    path(f"{CHART}<slug:measure>/link/", clinician.link_make, name="link-make"),
    path(
        f"{CHART}sheets/<uuid:administration_id>/",
        clinician.administration_show,
        name="administration-show",
    ),
    path(
        f"{CHART}sheets/<uuid:administration_id>/correct/",
        clinician.administration_correct,
        name="administration-correct",
    ),
]
client_urls = [
    path("f/<str:secret>/", client.form_fill, name="form-fill"),
    path("f/<str:secret>/draft/", client.form_draft, name="form-draft"),
    path("f/<str:secret>/done/", client.form_done, name="form-done"),
]
urlpatterns = [*clinician_urls, *client_urls]
