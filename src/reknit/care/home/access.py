"""Where a person begins, and which of the front pages are theirs."""

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_see_totals

__all__ = ["first_place", "may_search", "may_see_caseload", "may_see_totals"]

PLACES = (
    (Role.CLIENT, "home:client-front"),
    (Role.THERAPIST, "home:today"),
    (Role.FACILITATOR, "home:today"),
    (Role.SUPERVISOR, "safety:risk-board"),
    (Role.INTAKE, "intake:referral-list"),
    (Role.DIRECTOR, "home:programme"),
    (Role.RESEARCHER, "home:programme"),
    (Role.ADMINISTRATOR, "accounts:person-list"),
)


def first_place(user: User) -> str | None:
    """The page a person's day begins on, by their first role in this order."""
    return next((name for role, name in PLACES if user.has(role)), None)


def may_see_caseload(user: User) -> Decision:
    """Roles that may read charts have a caseload; whose charts, the care team decides."""
    return YES if user.reads_charts else no(_("This page belongs to clinicians."))


def may_search(user: User) -> Decision:
    """Whoever reads charts, and intake. Whom they find, the care team and the referrals decide."""
    if user.reads_charts or user.has(Role.INTAKE):
        return YES
    return no(_("This page belongs to clinicians and intake."))
