"""Pages of intake: the list of referrals, a new one, and one referral worked through."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.consent.queries import has_care_consent
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.queries import current_safe_contact
from reknit.care.intake import actions, forms, queries
from reknit.care.intake.access import may_do_intake, may_prepare, may_see_referral
from reknit.care.intake.models import Referral
from reknit.care.intake.queries.assigning import proposed_protocol
from reknit.care.people.access import may_change_team
from reknit.care.people.queries import site, zone
from reknit.care.safety.models import RiskItem
from reknit.core.safety.triggers import RiskClass
from reknit.core.safety.triggers import reason as risk_reason

PER_PAGE = 40


def signed_in(request: HttpRequest) -> User:
    """The person; every page here needs a sign-in."""
    assert isinstance(request.user, User)
    return request.user


@require_GET
def referral_list(request: HttpRequest) -> HttpResponse:
    """Open referrals, longest wait first; all of them when asked."""
    user, at = signed_in(request), now()
    may_do_intake(user).or_refuse()
    today = local_date(at, zone())
    words, only_open = request.GET.get("q", "")[:80], request.GET.get("show") != "all"
    page = Paginator(queries.referrals(words=words, only_open=only_open), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [(referral, queries.days_waiting(referral, today=today)) for referral in page]
    record_read("referrals", by=user, at=at, client=None, number=page.number, shown=len(rows))
    kept = {"q": words, "show": "" if only_open else "all"}
    return render(
        request,
        "intake/clinician/referral_list.html",
        {
            "page": page,
            "rows": rows,
            "words": words,
            "only_open": only_open,
            "query": urlencode({name: value for name, value in kept.items() if value}),
        },
    )


@require_http_methods(["GET", "POST"])
def referral_add(request: HttpRequest) -> HttpResponse:
    """Write down a new referral, then go on to its safety questions."""
    user, at = signed_in(request), now()
    may_do_intake(user).or_refuse()
    form = forms.ReferralForm(request.POST or None, now=at, zone=zone())
    if request.method == "POST" and form.is_valid():
        try:
            referral = actions.record_referral(by=user, at=at, **form.values())
        except DomainError as error:
            forms.show_refusal(form, error)
        else:
            return redirect("intake:referral-show", referral.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "intake/clinician/referral_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def referral_show(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """One referral: phone safety, safe contact, accept or close. Clinicians read it; intake writes."""
    visit = open_referral(request, referral_id)
    if request.method == "GET":
        record_read("referral", by=visit.user, at=visit.at, client=visit.referral.client)
        return show(request, visit, visit.forms(None, ""))
    may_do_intake(visit.user).or_refuse()
    step = request.POST.get("step", "")
    if step not in STEPS:
        return show(request, visit, visit.forms(None, ""), status=422)
    bound = visit.forms(request, step)
    if bound[step].is_valid():
        try:
            said = STEPS[step](visit, bound[step])
        except DomainError as error:
            forms.show_refusal(bound[step], error)
        else:
            for sentence in said:
                messages.info(request, sentence)
            following = (
                "waiting-show" if step == "accept" else "referral-show"
            )  # the first session comes next
            return redirect(f"intake:{following}", referral_id)
    return show(request, visit, bound, status=422)


@dataclass(frozen=True, slots=True)
class Visit:
    """A referral opened by a person at an instant."""

    referral: Referral
    user: User
    at: dt.datetime
    today: dt.date

    def forms(self, request: HttpRequest | None, step: str) -> dict[str, Any]:
        """The four forms of the page; the one named by `step` holds what was sent."""
        sent = request.POST if request else None
        contact = current_safe_contact(self.referral.client)
        return {
            "safety": forms.PhoneSafetyForm(
                sent if step == "safety" else None, auto_id="safety_%s", referral=self.referral
            ),
            "contact": forms.SafeContactForm(
                sent if step == "contact" else None, auto_id="contact_%s", contact=contact
            ),
            "accept": forms.AcceptForm(
                sent if step == "accept" else None,
                auto_id="accept_%s",
                today=self.today,
                zone=zone(),
                protocol=proposed_protocol(self.referral),
                has_consent=has_care_consent(self.referral.client, at=self.at),
            ),
            "close": forms.CloseForm(sent if step == "close" else None, auto_id="close_%s"),
            "contact_now": contact,
        }


def open_referral(request: HttpRequest, referral_id: uuid.UUID) -> Visit:
    """Load a referral for a person. One that does not exist and one not theirs to see are answered alike."""
    user, at = signed_in(request), now()
    if not (user.reads_charts or may_do_intake(user)):
        may_do_intake(user).or_refuse()
    today = local_date(at, zone())
    referral = Referral.objects.select_related("client", "decided_by").filter(pk=referral_id).first()
    if referral is None or not may_see_referral(user, referral, on=today):
        raise Http404
    return Visit(referral=referral, user=user, at=at, today=today)


def show(request: HttpRequest, visit: Visit, bound: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page with its forms as they stand."""
    client = visit.referral.client
    may_work = bool(may_do_intake(visit.user)) and visit.referral.status == Referral.Status.OPEN
    accepted = visit.referral.status == Referral.Status.ACCEPTED
    return render(
        request,
        "intake/clinician/referral_show.html",
        {
            "referral": visit.referral,
            "client": client,
            "days": queries.days_waiting(visit.referral, today=visit.today),
            "items": queries.open_items(visit.referral),
            "answers": queries.answers_of(visit.referral),
            "may_work": may_work,
            "may_do_intake": may_do_intake(visit.user).allowed,
            "may_prepare": may_prepare(visit.user, visit.referral).allowed,
            # A way that was safe can stop being so in mid-course, and nobody but intake writes it down.
            "keeps_contact": may_work or (accepted and may_do_intake(visit.user).allowed),
            "may_change_team": accepted and may_change_team(visit.user, client, on=visit.today).allowed,
            "may_open_chart": visit.user.reads_charts and accepted,
            "site": site(),
            **{f"{name}_form" if name != "contact_now" else name: form for name, form in bound.items()},
        },
        status=status,
    )


def save_safety(visit: Visit, form: forms.PhoneSafetyForm) -> list[str]:
    """Keep the answers; say for each finding who has it and until when."""
    opened = actions.record_phone_safety(
        by=visit.user,
        at=visit.at,
        referral=visit.referral,
        answers=form.answers(),
        seen=form.cleaned_data["seen"],
    )
    said = [opened_sentence(item, today=visit.today) for item in opened]
    if form.answers() != visit.referral.safety:
        said.append(
            _(
                "Somebody else saved answers meanwhile. Where the two differ, the more careful one stands: read them."
            )
        )
    return said or [_("Saved. No answer needs a person now.")]


def opened_sentence(item: RiskItem, *, today: dt.date) -> str:
    """Who has the item and until when, in words."""
    why = risk_reason(item.reason)
    lead = _("Urgent.") if why.klass is RiskClass.CRITICAL else _("Not urgent.")
    return _("%(lead)s %(why)s. Opened for %(owner)s, due %(due)s.") % {
        "lead": lead,
        "why": _(why.sentence),
        "owner": item.owner.name,
        "due": due_words(item.due_at, today=today),
    }


def due_words(due_at: dt.datetime, *, today: dt.date) -> str:
    """A due time as people say it: "today 17:00", "tomorrow 09:00", "25 March 09:00"."""
    here = localtime(due_at)
    day = {0: _("today"), 1: _("tomorrow")}.get((here.date() - today).days) or date_format(here, "j F")
    return f"{day} {here:%H:%M}"


def save_contact(visit: Visit, form: forms.SafeContactForm) -> list[str]:
    """Keep the safe way of contact."""
    set_safe_contact(by=visit.user, at=visit.at, client=visit.referral.client, **form.values())
    return [_("Saved. Use only this way to reach them.")]


def save_accepted(visit: Visit, form: forms.AcceptForm) -> list[str]:
    """Take the person into care."""
    values = form.values(at=visit.at)
    actions.accept_referral(by=visit.user, at=visit.at, referral=visit.referral, **values)
    return [_("Accepted. %(name)s sees the chart from now on.") % {"name": values["clinician"].name}]


def save_closed(visit: Visit, form: forms.CloseForm) -> list[str]:
    """Close the referral with its reason."""
    said = form.cleaned_data
    actions.close_referral(
        by=visit.user, at=visit.at, referral=visit.referral, reason=said["reason"], kind=said["kind"]
    )
    return [_("Closed. The reason is kept with the referral.")]


STEPS: dict[str, Callable[[Visit, Any], list[str]]] = {
    "safety": save_safety,
    "contact": save_contact,
    "accept": save_accepted,
    "close": save_closed,
}
