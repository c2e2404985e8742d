"""Addresses of this room."""

from django.urls import path

from .views import client, codes, months

app_name = "billing"
urlpatterns = [
    path("billing/", months.month_list, name="month-list"),
    path("billing/month.csv", months.month_table, name="month-table"),
    path("billing/clients/<uuid:client_id>/superbill/", months.superbill_show, name="superbill-show"),
    path("billing/codes/", codes.code_list, name="code-list"),
    path("billing/codes/add/", codes.code_add, name="code-add"),
    path("billing/codes/take/", codes.codes_take, name="codes-take"),
    path("billing/codes/places/", codes.places_save, name="places-save"),
    path("billing/numbers/", codes.number_list, name="number-list"),
    path("billing/numbers/<uuid:person_id>/", codes.number_change, name="number-change"),
    path("billing/codes/<uuid:code_id>/end/", codes.code_end, name="code-end"),
    path("clients/<uuid:client_id>/billing/", client.client_codes, name="client-codes"),
    path(
        "clients/<uuid:client_id>/billing/<uuid:diagnosis_id>/end/",
        client.diagnosis_end,
        name="diagnosis-end",
    ),
]
