"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import clinic, profiles, team

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("clinic/", clinic.site_change, name="site-change"),
    path("clinic/lines/", clinic.line_list, name="line-list"),
    path("clinic/lines/<uuid:line_id>/end/", clinic.line_close, name="line-close"),
    path("clinicians/", profiles.profile_list, name="profile-list"),
    path("clinicians/<uuid:clinician_id>/", profiles.profile_change, name="profile-change"),
    path("clients/<uuid:client_id>/team/<uuid:member_id>/end/", team.team_leave, name="team-leave"),
    path("clients/<uuid:client_id>/sign-in/", team.client_sign_in, name="client-sign-in"),
]
