"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import notes, sessions

app_name = "encounters"
_CLIENT = "clients/<uuid:client_id>/"
_SESSION = f"{_CLIENT}sessions/<uuid:encounter_id>/"
urlpatterns: list[URLPattern] = [
    path(f"{_CLIENT}sessions/", sessions.session_list, name="session-list"),
    path(f"{_CLIENT}sessions/start/", sessions.session_start, name="session-start"),
    path(_SESSION, sessions.session_show, name="session-show"),
    path(f"{_SESSION}tick/", sessions.task_tick, name="task-tick"),
    path(f"{_SESSION}try/", sessions.intention_set, name="intention-set"),
    path(f"{_SESSION}went/", sessions.intention_went, name="intention-went"),
    path(f"{_SESSION}note/", notes.note_save, name="note-save"),
    path(f"{_SESSION}sign/", notes.note_sign, name="note-sign"),
    path(f"{_SESSION}addendum/", notes.addendum_add, name="addendum-add"),
    path(f"{_SESSION}cosign/", notes.note_cosign, name="note-cosign"),
    path("cosign/", notes.cosign_list, name="cosign-list"),
    path(f"{_CLIENT}appointments/book/", sessions.appointment_book, name="appointment-book"),
]
