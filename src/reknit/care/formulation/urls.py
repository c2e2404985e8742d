"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import account, client, focus, grid, story, timeline

app_name = "formulation"
chart = "clients/<uuid:client_id>/story/"
urlpatterns: list[URLPattern] = [
    path(chart, story.story_show, name="story-show"),
    path(chart + "timeline/", timeline.timeline_show, name="timeline-show"),
    path(chart + "timeline/sign/", timeline.timeline_sign, name="timeline-sign"),
    path(chart + "timeline/<uuid:event_id>/", timeline.event_change, name="event-change"),
    path(chart + "timeline/<uuid:event_id>/mark/", timeline.event_mark, name="event-mark"),
    path(chart + "timeline/<uuid:event_id>/set-aside/", timeline.event_set_aside, name="event-set-aside"),
    path(chart + "timeline/<uuid:event_id>/leave/", timeline.question_leave, name="question-leave"),
    path(chart + "focus/", focus.focus_propose, name="focus-propose"),
    path(chart + "focus/<uuid:focus_id>/", focus.focus_show, name="focus-show"),
    path(chart + "focus/<uuid:focus_id>/<str:step>/", focus.focus_step, name="focus-step"),
    path(chart + "grid/", grid.grid_change, name="grid-change"),
    path(chart + "text/", account.formulation_edit, name="formulation-edit"),
    path(chart + "text/share/", account.formulation_share, name="formulation-share"),
    path(chart + "text/<uuid:formulation_id>/", account.formulation_show, name="formulation-show"),
    path(chart + "text/<uuid:formulation_id>/answer/", account.answer_record, name="answer-record"),
    path(chart + "text/<uuid:formulation_id>/revise/", account.formulation_revise, name="formulation-revise"),
    path("my/story/", client.client_story, name="client-story"),
]
