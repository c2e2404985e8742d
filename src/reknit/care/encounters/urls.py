"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import (
    apart,
    apart_giving,
    booking,
    calendar,
    client,
    conjoint,
    feed,
    missed,
    notes,
    records,
    reminders,
    rooms,
    sessions,
)

app_name = "encounters"
_CLIENT = "clients/<uuid:client_id>/"
_SESSION = f"{_CLIENT}sessions/<uuid:encounter_id>/"
_APPOINTMENT = f"{_CLIENT}appointments/<uuid:appointment_id>/"
_RECORD = f"{_SESSION}records/<slug:kind>/"
urlpatterns: list[URLPattern] = [
    path(f"{_CLIENT}sessions/", sessions.session_list, name="session-list"),
    path(f"{_CLIENT}sessions/conjoint/", conjoint.conjoint_show, name="conjoint-show"),
    path(f"{_CLIENT}sessions/conjoint/plan/", conjoint.conjoint_plan, name="conjoint-plan"),
    path(f"{_CLIENT}sessions/conjoint/allow/", conjoint.conjoint_allow, name="conjoint-allow"),
    path(f"{_CLIENT}sessions/conjoint/<uuid:plan_id>/", conjoint.conjoint_change, name="conjoint-change"),
    path(
        f"{_CLIENT}sessions/conjoint/<uuid:plan_id>/call-off/",
        conjoint.conjoint_call_off,
        name="conjoint-call-off",
    ),
    path(f"{_CLIENT}sessions/start/", sessions.session_start, name="session-start"),
    path(_SESSION, sessions.session_show, name="session-show"),
    path(f"{_SESSION}tick/", sessions.task_tick, name="task-tick"),
    path(f"{_SESSION}try/", sessions.intention_set, name="intention-set"),
    path(f"{_SESSION}went/", sessions.intention_went, name="intention-went"),
    path(f"{_SESSION}note/", notes.note_save, name="note-save"),
    path(f"{_SESSION}note/read/", notes.note_read, name="note-read"),
    path(f"{_SESSION}note/reading/", notes.reading_choose, name="reading-choose"),
    path(f"{_SESSION}sign/", notes.note_sign, name="note-sign"),
    path(f"{_SESSION}addendum/", notes.addendum_add, name="addendum-add"),
    path(f"{_SESSION}cosign/", notes.note_cosign, name="note-cosign"),
    path(f"{_SESSION}apart/", apart.apart_show, name="apart-show"),
    path(f"{_SESSION}apart/<slug:kind>/", apart.apart_save, name="apart-save"),
    path(f"{_SESSION}apart/<slug:kind>/open/", apart.apart_open, name="apart-open"),
    path(f"{_SESSION}apart/<slug:kind>/consent/", apart_giving.apart_consent, name="apart-consent"),
    path(
        f"{_SESSION}apart/consents/<uuid:consent_id>/end/",
        apart_giving.apart_consent_end,
        name="apart-consent-end",
    ),
    path(f"{_SESSION}apart/consents/<uuid:consent_id>/give/", apart_giving.apart_give, name="apart-give"),
    path(f"{_SESSION}apart/given/<uuid:given_id>/", apart_giving.apart_sheet, name="apart-sheet"),
    path(f"{_RECORD}add/", records.record_add, name="record-add"),
    path(f"{_RECORD}<uuid:record_id>/", records.record_show, name="record-show"),
    path(f"{_RECORD}<uuid:record_id>/change/", records.record_change, name="record-change"),
    path(f"{_RECORD}<uuid:record_id>/remove/", records.record_remove, name="record-remove"),
    path(f"{_SESSION}contact/", missed.contact_add, name="contact-add"),
    path(f"{_CLIENT}re-engagement/", missed.re_engagement_write, name="re-engagement-write"),
    path("cosign/", notes.cosign_list, name="cosign-list"),
    path(f"{_CLIENT}appointments/book/", booking.appointment_book, name="appointment-book"),
    path(_APPOINTMENT, booking.appointment_show, name="appointment-show"),
    path(f"{_APPOINTMENT}move/", booking.appointment_move, name="appointment-move"),
    path(f"{_APPOINTMENT}cancel/", booking.appointment_cancel, name="appointment-cancel"),
    path(f"{_CLIENT}reminders/", reminders.reminder_choose, name="reminder-choose"),
    path("calendar/", calendar.calendar_show, name="calendar-show"),
    path("calendar/without-notes/", calendar.without_notes, name="without-notes"),
    path("calendar/reminders/", reminders.reminder_list, name="reminder-list"),
    path("calendar/address/", feed.feed_show, name="feed-show"),
    path("calendar/address/take-back/", feed.feed_revoke, name="feed-revoke"),
    path("calendar/rooms/", rooms.room_list, name="room-list"),
    path("calendar/rooms/<uuid:room_id>/", rooms.room_change, name="room-change"),
    path("calendar/rooms/<uuid:room_id>/give-up/", rooms.room_give_up, name="room-give-up"),
    path("calendar/feed/<slug:secret>.ics", feed.feed_read, name="feed-read"),
    path("my/times/", client.time_list, name="client-times"),
    path("my/times/reminders/", client.reminders_choose, name="client-reminders"),
    path("my/times/<uuid:appointment_id>/", client.time_confirm, name="client-confirm"),
]
