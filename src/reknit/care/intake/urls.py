"""Addresses of this room."""

from django.urls import path

from .views import (
    admission,
    agreements,
    assigning,
    chasing,
    choices,
    client,
    cover,
    levels,
    preparing,
    queue,
    referrals,
    report,
    settings,
    waiting,
)

app_name = "intake"
one = "referrals/<uuid:referral_id>/"
urlpatterns = [
    path("ask/", client.ask, name="public-ask"),
    path("ask/sent/", client.sent, name="public-sent"),
    path("referrals/", referrals.referral_list, name="referral-list"),
    path("referrals/add/", referrals.referral_add, name="referral-add"),
    path("referrals/waiting/", waiting.waiting_list, name="waiting-list"),
    path("referrals/chase/", chasing.chase_show, name="chase-show"),
    path("referrals/from-form/", queue.public_list, name="public-list"),
    path("referrals/from-form/<uuid:sent_id>/", queue.public_show, name="public-show"),
    path("referrals/report/", report.report_show, name="report-show"),
    path("referrals/report/weeks.csv", report.report_table, name="report-table"),
    path("referrals/settings/", settings.settings_change, name="settings-change"),
    path(one, referrals.referral_show, name="referral-show"),
    path(one + "waiting/", waiting.waiting_show, name="waiting-show"),
    path(one + "barriers/<uuid:barrier_id>/settle/", waiting.barrier_settle, name="barrier-settle"),
    path(one + "assign/", assigning.assign, name="referral-assign"),
    path(one + "offers/<uuid:offer_id>/take/", assigning.offer_take, name="offer-take"),
    path(one + "offers/<uuid:offer_id>/decline/", assigning.offer_decline, name="offer-decline"),
    path(one + "prepare/", preparing.preparation_show, name="preparation-show"),
    path(one + "prepare/send/", preparing.baseline_send, name="baseline-send"),
    path(one + "prepare/give/<slug:measure>/", preparing.baseline_give, name="baseline-give"),
    path(one + "prepare/level/", levels.level_prepare, name="level-prepare"),
    path(one + "prepare/consents/", agreements.consent_list, name="consent-list"),
    path(one + "prepare/consents/copy.pdf", agreements.consent_copy, name="consent-copy"),
    path(one + "prepare/consents/<uuid:consent_id>/end/", agreements.consent_end, name="consent-end"),
    path(one + "transfers/<uuid:transfer_id>/", levels.transfer_settle, name="transfer-settle"),
    path("clients/admission-facts.csv", admission.admissions_table, name="admissions-table"),
    path("clients/<uuid:client_id>/admission-facts/", admission.admission_facts, name="admission-facts"),
    path("clients/<uuid:client_id>/which-course/", choices.course_choice, name="course-choice"),
    path("clients/<uuid:client_id>/cover/", cover.cover_show, name="cover-show"),
]
