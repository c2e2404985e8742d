"""Addresses of sign-in, of one's own settings and of the people pages.

Of allauth only what is wanted here has an address: nobody signs up, manages addresses or resets a password by mail.
"""

from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path

from .views import me, people, sign_in

pages = [
    path("me/", me.me, name="me"),
    path("me/sessions/<int:session_id>/end/", me.session_end, name="session-end"),
    path("theme/", me.theme_change, name="theme-change"),
    path("keys/", me.keys_change, name="keys-change"),
    path("people/", people.person_list, name="person-list"),
    path("people/add/", people.person_add, name="person-add"),
    path("people/<uuid:person_id>/", people.person_change, name="person-change"),
    path("people/<uuid:person_id>/password/", people.person_password, name="person-password"),
    path("people/<uuid:person_id>/deactivate/", people.person_deactivate, name="person-deactivate"),
    path(
        "people/<uuid:person_id>/second-step/off/", people.person_second_factor, name="person-second-factor"
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages, "accounts"))),
    path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-in/second-step/", sign_in.SecondStepView.as_view(), name="mfa_authenticate"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="account_logout"),
    path("me/password/", me.ChangePasswordView.as_view(), name="account_change_password"),
    path("me/again/", me.PasswordAgainView.as_view(), name="account_reauthenticate"),
    path("me/again/code/", me.CodeAgainView.as_view(), name="mfa_reauthenticate"),
    path("me/second-step/", me.second_factor, name="mfa_index"),
    path("me/second-step/on/", me.TurnOnSecondStepView.as_view(), name="mfa_activate_totp"),
    path("me/second-step/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/second-step/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/second-step/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
