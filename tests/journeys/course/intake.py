"""Before session 1: Mia is in Ana's care, with consent and a sign-in of her own."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from reknit.base.accounts.models import Role
from reknit.care.consent.actions import grant_consent
from reknit.care.people.actions import add_client, give_sign_in, join_care_team, set_status
from reknit.care.people.models import Client
from reknit.care.programme.actions import open_episode
from reknit.care.programme.models import Episode
from tests.cast import PASSWORD, ZONE, Cast, staff

from .chart import FIRST


def mia_is_in_care(clinic: Cast) -> Episode:
    """A week before the first session, all of it by the rooms' own actions."""
    at = dt.datetime.combine(FIRST - dt.timedelta(days=7), dt.time(11), ZoneInfo(ZONE))
    ina, ana = clinic.ina, clinic.ana
    mia = add_client(by=ina, at=at, programme=clinic.programme, given_name="Mia", family_name="Sand")
    grant_consent(by=ina, at=at, client=mia, how="paper", given_at=at)
    join_care_team(by=ina, at=at, client=mia, clinician=ana, starts_on=at.date())
    course = open_episode(by=ana, at=at, client=mia, protocol="IPT-16", starts_on=FIRST)
    set_status(by=ina, at=at, client=mia, status=Client.Status.IN_CARE)
    user = staff("Mia", Role.CLIENT)
    user.password = make_password(PASSWORD)
    user.save(update_fields=["password"])
    give_sign_in(by=ana, at=at, client=mia, user=user)
    return course
