"""Addresses of this room."""

from django.urls import URLPattern, path

from .views import care, consents, contacts, leave, levels, safe_contact, team, treatments

app_name = "coordination"
CHART = "clients/<uuid:client_id>/care/"
_CONTACT = f"{CHART}contacts/<uuid:contact_id>/"
_TREATMENT = f"{CHART}beside/<uuid:treatment_id>/"
urlpatterns: list[URLPattern] = [
    path("clients/<uuid:client_id>/team/", team.team_change, name="team-change"),
    path("leave/", leave.leave_list, name="leave-list"),
    path("leave/<uuid:absence_id>/end/", leave.leave_end, name="leave-end"),
    path(CHART, care.care_show, name="care-show"),
    path(f"{CHART}safe-contact/", safe_contact.safe_contact_show, name="safe-contact"),
    path(f"{CHART}gone-through/", care.care_mapped, name="care-mapped"),
    path(f"{CHART}contacts/add/", contacts.contact_add, name="contact-add"),
    path(f"{_CONTACT}end/", contacts.contact_end, name="contact-end"),
    path(f"{_CONTACT}sharing/", contacts.sharing_agree, name="sharing-agree"),
    path(f"{_CONTACT}sharing/end/", contacts.sharing_end, name="sharing-end"),
    path(f"{CHART}beside/add/", treatments.treatment_add, name="treatment-add"),
    path(_TREATMENT, treatments.treatment_show, name="treatment-show"),
    path(f"{_TREATMENT}change/", treatments.treatment_change, name="treatment-change"),
    path(f"{_TREATMENT}entry/", treatments.entry_add, name="entry-add"),
    path(f"{_TREATMENT}incentive/", treatments.incentive_add, name="incentive-add"),
    path(f"{_TREATMENT}take-back/<uuid:line_id>/", treatments.line_take_back, name="line-take-back"),
    path(f"{CHART}consent/", consents.consent_show, name="consent-show"),
    path(
        f"{CHART}consent/<uuid:consent_id>/take-back/", consents.consent_take_back, name="consent-take-back"
    ),
    path(f"{CHART}level/", levels.level_show, name="level-show"),
]
