"""Addresses of this room."""

from django.urls import path

from .views import calendar, client, reports

app_name = "substance_use"
urlpatterns = [
    path("clients/<uuid:client_id>/use/", calendar.calendar_show, name="calendar-show"),
    path("clients/<uuid:client_id>/use/substances/", calendar.substance_change, name="substance-change"),
    path("clients/<uuid:client_id>/use/rule/", reports.rule_change, name="rule-change"),
    path("clients/<uuid:client_id>/use/report/", reports.use_report, name="use-report"),
    path("clients/<uuid:client_id>/use/reports/", reports.report_list, name="report-list"),
    path("clients/<uuid:client_id>/use/reports/<uuid:key>/", reports.report_show, name="report-show"),
    path(
        "clients/<uuid:client_id>/use/reports/<uuid:key>/take-back/",
        reports.report_take_back,
        name="report-take-back",
    ),
    path("clients/<uuid:client_id>/use/tests/", reports.test_list, name="test-list"),
    path(
        "clients/<uuid:client_id>/use/tests/<uuid:key>/take-back/",
        reports.test_take_back,
        name="test-take-back",
    ),
    path("clients/<uuid:client_id>/use/craving/", reports.craving_list, name="craving-list"),
    # Neutral words: an address stays behind in a phone's history.
    path("my/days/", client.report, name="client-report"),
    path("my/days/<uuid:key>/", client.reported, name="client-reported"),
]
