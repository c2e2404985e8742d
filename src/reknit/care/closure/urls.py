"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import client, clinician

app_name = "closure"
chart = "clients/<uuid:client_id>/"
urlpatterns: list[URLPattern] = [
    path(chart + "letters/", clinician.letter_list, name="letter-list"),
    path(chart + "letters/issued/<uuid:letter_id>.pdf", clinician.letter_issued, name="letter-issued"),
    path(chart + "letters/<str:kind>/", clinician.letter_edit, name="letter-edit"),
    path(chart + "letters/<str:kind>/issue/", clinician.letter_issue, name="letter-issue"),
    path(chart + "letters/<str:kind>/pdf/", clinician.letter_pdf, name="letter-pdf"),
    path(chart + "close/", clinician.course_close, name="course-close"),
    path("my/letters/<uuid:letter_id>.pdf", client.client_letter, name="client-letter"),
]
