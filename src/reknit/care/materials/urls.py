"""Addresses of this room."""

from django.urls import path

from .views import client, clinician, library

app_name = "materials"
CHART = "clients/<uuid:client_id>/materials/"

clinician_urls = [
    path("materials/", library.material_list, name="material-list"),
    path("materials/<slug:topic>/<slug:language>/", library.material_show, name="material-show"),
    path("materials/<slug:topic>/<slug:language>/print/", library.material_pdf, name="material-pdf"),
    path(CHART, clinician.given_list, name="given-list"),
    path(f"{CHART}give/", clinician.material_give, name="material-give"),
    path(f"{CHART}<uuid:given_id>/take-back/", clinician.material_take_back, name="material-take-back"),
]
client_urls = [
    path("r/<str:secret>/", client.page_read, name="page-read"),
    path("my/reading/", client.my_reading, name="my-reading"),
    path("my/reading/<uuid:given_id>/", client.my_page, name="my-page"),
]
urlpatterns = [*clinician_urls, *client_urls]
