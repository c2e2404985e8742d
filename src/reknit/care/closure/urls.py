"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import client, clinician, closing, documents, follow_up, wording

app_name = "closure"
chart = "clients/<uuid:client_id>/"
urlpatterns: list[URLPattern] = [
    path(chart + "letters/", clinician.letter_list, name="letter-list"),
    path(chart + "letters/issued/<uuid:letter_id>.pdf", clinician.letter_issued, name="letter-issued"),
    path(chart + "letters/<str:kind>/", clinician.letter_edit, name="letter-edit"),
    path(chart + "letters/<str:kind>/issue/", clinician.letter_issue, name="letter-issue"),
    path(chart + "letters/<str:kind>/pdf/", clinician.letter_pdf, name="letter-pdf"),
    path(chart + "letters/issued/<uuid:letter_id>/sources/", clinician.letter_sources, name="letter-sources"),
    path(chart + "closing/", closing.closing_show, name="closing-show"),
    path(chart + "closing/circles/", closing.circle_look, name="circle-look"),
    path(chart + "closing/follow-up/", follow_up.follow_up_list, name="follow-up-list"),
    path(chart + "closing/follow-up/book/", follow_up.follow_up_book, name="follow-up-book"),
    path(
        chart + "closing/follow-up/<uuid:follow_up_id>/", follow_up.follow_up_settle, name="follow-up-settle"
    ),
    path(chart + "closing/given/<uuid:record_id>/", closing.record_show, name="record-show"),
    path(
        chart + "closing/given/<uuid:record_id>/take-back/", closing.record_take_back, name="record-take-back"
    ),
    path(chart + "closing/<slug:kind>/", closing.record_edit, name="record-edit"),
    path(chart + "closing/<slug:kind>/give/", closing.record_give, name="record-give"),
    path(chart + "documents/", documents.document_list, name="document-list"),
    path(chart + "documents/made/<uuid:document_id>.pdf", documents.document_show, name="document-show"),
    path(chart + "documents/<slug:kind>/make/", documents.document_make, name="document-make"),
    path("wording/", wording.wording_list, name="wording-list"),
    path("wording/<slug:kind>/", wording.wording_edit, name="wording-edit"),
    path("wording/<slug:kind>/example.pdf", wording.wording_preview, name="wording-preview"),
    path(chart + "close/", clinician.course_close, name="course-close"),
    path("my/letters/<uuid:letter_id>.pdf", client.client_letter, name="client-letter"),
    path("my/plan/", client.client_plan, name="client-plan"),
]
