"""Where the work that an item asks for is done: from the item to the page, without looking for it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from .models import RiskItem
from .suicide.queries import ASKED, SCREENED

SUICIDE = {
    *ASKED,
    *SCREENED,
    "phq9_item9_blank",
    "suicide_senior_review",
    "suicide_sober",
    "suicide_follow_up",
}
TOLERANCE = {"tolerance_lost", "overdose_survived"}
OVERDOSE = {"phone_overdose", "use_overdose_signs", "lapse_overdose"}
WITHDRAWAL = {"phone_withdrawal", "lapse_withdrawal", "withdrawal", "transfer_not_arrived"}
HARM = {"phone_violence", "lapse_children"}
TOLD = "substance_use.episode"
"""What an item about a reported return to use names as its source."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the chart, and what is done there."""

    label: str
    url: str


def pages_for(item: RiskItem) -> list[Page]:
    """Pages of the client's chart on which this item is worked on, the first one first. For readers of the chart."""
    if item.client_id is None:
        return []
    client, risk = [item.client_id], reverse("safety:risk-client", args=[item.client_id])
    pages = []
    if item.source == TOLD and item.source_id:
        told = reverse("substance_use:report-show", args=[item.client_id, item.source_id])
        pages.append(Page(_("Read what was told, and what follows"), told))
        pages.append(Page(_("Safety plan"), reverse("safety:safety-plan", args=client)))
    if item.reason in TOLERANCE:
        pages.append(Page(_("Settle its tasks"), f"{risk}#tolerance"))
    if item.reason in OVERDOSE:
        pages.append(
            Page(_("Write down an overdose that was survived"), reverse("safety:tolerance-add", args=client))
        )
    if item.reason in TOLERANCE | OVERDOSE:
        pages.append(Page(_("Overdose plan"), reverse("safety:overdose-plan", args=client)))
    if item.reason in WITHDRAWAL:
        pages.append(Page(_("Withdrawal questions"), reverse("safety:withdrawal-screen", args=client)))
        pages.append(Page(_("Write down a medical review"), reverse("safety:medical-review", args=client)))
    if item.reason in SUICIDE:
        pages.append(Page(_("Write down a view"), reverse("safety:formulation-show", args=client)))
        pages.append(Page(_("Safety plan"), reverse("safety:safety-plan", args=client)))
    if item.reason in HARM:
        pages.append(Page(_("Write down a concern"), reverse("safety:safeguarding-add", args=client)))
    return pages or [Page(_("Screens and plans"), risk)]
