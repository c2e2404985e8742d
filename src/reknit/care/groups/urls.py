"""Addresses of this room. None of them holds a name."""

from django.urls import path

from .views import candidates, client, leading, members, moving, runs, sessions

app_name = "groups"
RUN = "groups/<uuid:run_id>/"
SESSION = f"{RUN}sessions/<int:number>/"
MEMBER = f"{RUN}members/<uuid:member_id>/"
OBSERVER = f"{RUN}observers/<uuid:observer_id>/"
MEETING = f"{MEMBER}meetings/<uuid:meeting_id>/"

clinician_urls = [
    path("groups/", runs.run_list, name="run-list"),
    path("groups/form/", runs.run_form, name="run-form"),
    path(RUN, runs.run_show, name="run-show"),
    path(f"{RUN}candidates/", candidates.candidate_list, name="candidate-list"),
    path(f"{RUN}small/", runs.small_decide, name="small-decide"),
    path(f"{RUN}leading/", leading.leading_show, name="leading-show"),
    path(f"{RUN}leading/change/", leading.leading_change, name="leading-change"),
    path(f"{RUN}observers/", leading.observer_add, name="observer-add"),
    path(f"{OBSERVER}end/", leading.observer_end, name="observer-end"),
    path(f"{OBSERVER}members/<uuid:member_id>/", leading.observer_word, name="observer-word"),
    path(f"{RUN}matrix/", sessions.matrix_show, name="matrix-show"),
    path(f"{RUN}climate/", sessions.climate_show, name="climate-show"),
    path(f"{RUN}ending/", runs.ending_show, name="ending-show"),
    path(SESSION, sessions.session_show, name="session-show"),
    path(f"{SESSION}record/", sessions.session_record, name="session-record"),
    path(f"{SESSION}move/", moving.session_move, name="session-move"),
    path(f"{SESSION}cancel/", moving.session_cancel, name="session-cancel"),
    path(f"{SESSION}told/<uuid:member_id>/", moving.member_told, name="member-told"),
    path(f"{SESSION}sheet/", sessions.session_sheet, name="session-sheet"),
    path(f"{SESSION}climate/", sessions.climate_give, name="climate-give"),
    path(f"{SESSION}summary/", sessions.summary_write, name="summary-write"),
    path(MEMBER, members.member_show, name="member-show"),
    path(f"{MEMBER}start/", members.member_start, name="member-start"),
    path(f"{MEMBER}end/", members.member_end, name="member-end"),
    path(f"{MEMBER}next/", runs.next_step_set, name="next-step-set"),
    path(f"{MEETING}book/", members.meeting_book, name="meeting-book"),
    path(f"{MEETING}hold/", members.meeting_hold, name="meeting-hold"),
    path("clients/<uuid:client_id>/groups/", members.place_ask, name="place-ask"),
]
client_urls = [path("my/group/", client.group_mine, name="group-mine")]
urlpatterns = [*clinician_urls, *client_urls]
