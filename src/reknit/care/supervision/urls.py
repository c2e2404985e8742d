"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import changes, credentials, hours, ratings, requests, reviews, skills

app_name = "supervision"
HOUR = "supervision/hours/<uuid:hour_id>/"
PERSON = "supervision/people/<uuid:person_id>/"
SAMPLED = "supervision/sessions/<uuid:sampled_id>/"
REVIEW = "supervision/reviews/<uuid:review_id>/"
CLIENT = "clients/<uuid:client_id>/supervision/"
urlpatterns: list[URLPattern] = [
    path("supervision/", hours.agenda_show, name="agenda-show"),
    path("supervision/mine/", hours.mine_show, name="mine"),
    path("supervision/hours/begin/", hours.hour_begin, name="hour-begin"),
    path(HOUR, hours.hour_show, name="hour-show"),
    path(f"{HOUR}courses/<uuid:episode_id>/", hours.hour_case, name="hour-case"),
    path(f"{HOUR}decide/", hours.decision_add, name="decision-add"),
    path(f"{HOUR}sign/", hours.hour_sign, name="hour-sign"),
    path(f"{HOUR}discard/", hours.hour_discard, name="hour-discard"),
    path("supervision/decisions/<uuid:decision_id>/done/", hours.decision_done, name="decision-done"),
    path("supervision/decisions/<uuid:decision_id>/remove/", hours.decision_remove, name="decision-remove"),
    path(f"{PERSON}hours/", hours.person_hours, name="person-hours"),
    path(f"{PERSON}hours/table/", hours.person_hours_file, name="person-hours-file"),
    path(f"{PERSON}ratings/", ratings.rating_list, name="rating-list"),
    path(f"{PERSON}ratings/draw/", ratings.session_draw, name="session-draw"),
    path(f"{PERSON}development/", skills.development_show, name="development-show"),
    path(f"{PERSON}skills/", skills.skill_set, name="skill-set"),
    path("supervision/skills/<uuid:skill_id>/end/", skills.skill_end, name="skill-end"),
    path(f"{PERSON}certification/", credentials.credential_show, name="credential-show"),
    path(f"{PERSON}certification/goal/", credentials.goal_set, name="goal-set"),
    path(f"{PERSON}certification/proof/", credentials.proof_add, name="proof-add"),
    path(f"{PERSON}certification/pack/", credentials.pack_show, name="pack-show"),
    path("supervision/goals/<uuid:goal_id>/end/", credentials.goal_end, name="goal-end"),
    path(
        "supervision/proofs/<uuid:proof_id>/take-back/", credentials.proof_take_back, name="proof-take-back"
    ),
    path("supervision/changes/", changes.change_list, name="change-list"),
    path("supervision/changes/<uuid:change_id>/", changes.change_answer, name="change-answer"),
    path(SAMPLED, ratings.sampled_show, name="sampled-show"),
    path(f"{SAMPLED}rate/", ratings.rating_edit, name="rating-edit"),
    path(f"{SAMPLED}where/", ratings.sampled_where, name="sampled-where"),
    path(f"{SAMPLED}leave-out/", ratings.sampled_leave_out, name="sampled-leave-out"),
    path(f"{SAMPLED}second/", ratings.sampled_second, name="sampled-second"),
    path("supervision/totals/", ratings.totals_show, name="totals-show"),
    path("supervision/requests/", requests.request_list, name="request-list"),
    path("supervision/requests/<uuid:approval_id>/", requests.request_show, name="request-show"),
    path(
        "supervision/requests/<uuid:approval_id>/take-back/",
        requests.request_take_back,
        name="request-take-back",
    ),
    path("supervision/extensions/<uuid:amendment_id>/", requests.extension_show, name="extension-show"),
    path(f"{CLIENT}ask/", requests.request_ask, name="request-ask"),
    path(f"{CLIENT}process/", ratings.process_show, name="process-show"),
    path(f"{CLIENT}audit/", reviews.audit_begin, name="audit-begin"),
    path("supervision/audits/<uuid:audit_id>/", reviews.audit_show, name="audit-show"),
    path(f"{CLIENT}review/", reviews.review_open, name="review-open"),
    path(REVIEW, reviews.review_show, name="review-show"),
    path(f"{REVIEW}act/", reviews.review_act, name="review-act"),
    path(f"{REVIEW}act/<uuid:action_id>/done/", reviews.review_act_done, name="review-act-done"),
    path(f"{REVIEW}close/", reviews.review_close, name="review-close"),
]
