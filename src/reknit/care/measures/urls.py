"""Addresses of this room."""

from django.urls import path

from .views import client, clinician, permissions

app_name = "measures"
CHART = "clients/<uuid:client_id>/measures/"

clinician_urls = [
    path(CHART, clinician.measure_list, name="measure-list"),
    path(f"{CHART}our-device/", clinician.sitting_begin, name="sitting-begin"),
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
CLINIC = "clinic/measures/"
clinic_urls = [
    path(CLINIC, permissions.permission_list, name="permission-list"),
    path(f"{CLINIC}<slug:measure>/", permissions.permission_show, name="permission-show"),
    path(f"{CLINIC}<slug:measure>/revoke/", permissions.permission_revoke, name="permission-revoke"),
    path(f"{CLINIC}<slug:measure>/words/", permissions.wording_load, name="wording-load"),
    path(f"{CLINIC}<slug:measure>/table.csv", permissions.wording_table, name="wording-table"),
]
client_urls = [
    path("f/stop/", client.sitting_stop, name="sitting-stop"),
    path("f/<str:secret>/", client.form_fill, name="form-fill"),
    path("f/<str:secret>/draft/", client.form_draft, name="form-draft"),
    path("f/<str:secret>/done/", client.form_done, name="form-done"),
]
urlpatterns = [*clinician_urls, *clinic_urls, *client_urls]
