"""Facts to consider when a level of care is talked about, gathered from what is written down here, each with its day.

They sort attention. None is a rating, none is a rule of any edition, and what nobody asked is said to be not known.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.clock import local_date
from reknit.care.measures.models import Administration
from reknit.care.measures.queries import all_scores
from reknit.care.medication.models import Medication
from reknit.care.medication.queries import CurrentMedication, current_medication
from reknit.care.network.models import Relationship
from reknit.care.network.queries import here
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Contract, CourseFact
from reknit.care.safety.models import OverdosePlan, RiskItem, Said
from reknit.care.safety.queries import Plans, plans_of
from reknit.care.substance_use.queries import (
    any_substance,
    current_days,
    ever_monitored,
    latest_craving,
    results_of_tests,
    use_episodes,
)
from reknit.core.coordination.dimensions import Fact
from reknit.core.measures.catalogue import measure

WINDOW = dt.timedelta(days=27)  # four whole weeks with today
RETURNS_WITHIN = dt.timedelta(days=90)
BODY, MIND, PEOPLE = ("peg",), ("phq-9", "gad-7", "pcl-5", "c-ssrs-screener"), ("ucla-3", "mspss")
USE = ("audit", "dudit", "dast-10-always-able", "dast-10-unable")
USES = {"light", "moderate", "heavy"}


def facts_to_consider(client: Client, *, today: dt.date) -> list[Fact]:
    """Everything known that may matter, in our own topics. Eighteen queries, however long the record."""
    plans, scores = plans_of(client), all_scores(client)
    prescribed = current_medication(client, on=today)
    return [
        *_withdrawal(plans),
        *_medication(prescribed, today),
        *_scores("body", BODY, scores),
        *_scores("mind", MIND, scores),
        *_mind(client, prescribed, today),
        *_wishes(client),
        *_use(client, today),
        *_people(client, plans, today),
        *_scores("people", PEOPLE, scores),
    ]


def facts_at_intake(client: Client, sheets: Iterable[Administration]) -> list[Fact]:
    """What may be looked at before there is a team: the withdrawal screen, what came of it, and the baseline sheets."""
    plans, scores = plans_of(client), defaultdict(list)
    for one in sheets:
        scores[one.measure].append(one)
    return [
        *_withdrawal_asked(plans),
        *_scores("body", BODY, scores),
        *_scores("mind", MIND, scores),
        *_scores("use", USE, scores),
        *_scores("people", PEOPLE, scores),
    ]


def _day(at: dt.datetime) -> dt.date:
    return local_date(at, zone())


def _withdrawal(plans: Plans) -> Iterator[Fact]:
    yield from _withdrawal_asked(plans)
    if plans.overdose:
        has = plans.overdose.naloxone_client == Said.YES
        said = (
            _("Overdose plan; naloxone at home.") if has else _("Overdose plan; no naloxone known at home.")
        )
        yield Fact("withdrawal", said, _day(plans.overdose.at))
        if plans.overdose.medication_offer != OverdosePlan.Offer.UNKNOWN:
            offered = plans.overdose.get_medication_offer_display()
            said = _("Offer of medication for opioid use: %(what)s.") % {"what": offered}
            yield Fact("medication", said, _day(plans.overdose.at))


def _withdrawal_asked(plans: Plans) -> Iterator[Fact]:
    if plans.screen is None:
        yield Fact("withdrawal", _("The withdrawal screen was not done."), None)
    else:
        said = ngettext(
            "Withdrawal screen: %(n)s red flag", "Withdrawal screen: %(n)s red flags", len(plans.flags)
        ) % {"n": len(plans.flags)}
        unknown = _("; %(n)s not known") % {"n": plans.n_unknown} if plans.n_unknown else ""
        yield Fact("withdrawal", f"{said}{unknown}.", _day(plans.screen.at))
    if plans.review:
        said = _("Medical view of withdrawal: %(what)s.") % {"what": plans.review.get_outcome_display()}
        yield Fact("withdrawal", said, plans.review.reviewed_on)


def _medication(prescribed: list[CurrentMedication], today: dt.date) -> Iterator[Fact]:
    mine = [one for one in prescribed if one.kind in (Medication.Kind.OPIOID, Medication.Kind.ALCOHOL)]
    if not mine:
        yield Fact("medication", _("No medication for substance use is written down."), today)
    for one in mine:
        yield _prescribed("medication", one)


def _prescribed(topic: str, one: CurrentMedication) -> Fact:
    lately = one.taking.words.lower() if one.taking else _("how it is taken was not told")
    said = _("%(name)s, since %(since)s: %(lately)s.") % {
        "name": one.name,
        "since": date_format(one.starts_on, "j M Y"),
        "lately": lately,
    }
    return Fact(topic, said, one.taking.ends_on if one.taking else one.starts_on)


def _scores(topic: str, wanted: tuple[str, ...], scores: dict[str, list[Administration]]) -> Iterator[Fact]:
    for name in wanted:
        sheets = scores.get(name)
        if not sheets:
            continue
        latest = sheets[-1]
        if latest.total is None:
            said = _("%(measure)s: too many answers missing for a total.") % {
                "measure": measure(name).short_title
            }
            yield Fact(topic, said, _day(latest.answered_at))
            continue
        total = f"{latest.total.normalize():f}"
        low, high = measure(name).score_range
        said = _("%(measure)s %(total)s, of %(low)g to %(high)g.") % {
            "measure": measure(name).short_title,
            "total": total,
            "low": low,
            "high": high,
        }
        yield Fact(topic, said, _day(latest.answered_at))


def _mind(client: Client, prescribed: list[CurrentMedication], today: dt.date) -> Iterator[Fact]:
    waiting = RiskItem.objects.filter(client=client, status=RiskItem.Status.OPEN).order_by("-opened_at")
    opened = list(waiting.values_list("opened_at", flat=True))
    if opened:
        said = ngettext("%(n)s risk item is open.", "%(n)s risk items are open.", len(opened))
        yield Fact("mind", said % {"n": len(opened)}, _day(opened[0]))
    else:
        yield Fact("mind", _("No risk item is open."), today)
    for one in prescribed:
        if one.kind == Medication.Kind.MOOD:
            yield _prescribed("mind", one)


def _wishes(client: Client) -> Iterator[Fact]:
    agreed = (
        Contract.objects.filter(episode__client=client, state=Contract.State.AGREED)
        .order_by("-version")
        .first()
    )
    if agreed and agreed.substance_goal != Contract.SubstanceGoal.NOT_DECIDED:
        goal = agreed.substance_goal_words or agreed.get_substance_goal_display()
        yield Fact("wishes", _("Goal for use: “%(goal)s”.") % {"goal": goal}, agreed.substance_goal_on)
    else:
        yield Fact("wishes", _("No goal for use is agreed."), None)
    kinds = ("session", "mutual_help_offered")
    rows = CourseFact.objects.filter(episode__client=client, kind__in=kinds, withdrawn_at=None).order_by(
        "-at"
    )
    told = list(rows.values_list("kind", "value", "at"))
    held = [(value, at) for kind, value, at in told if kind == "session"]
    if held:
        missed = sum(value.get("outcome") in ("no_show", "late_cancel") for value, _at in held)
        said = _("%(missed)s of %(all)s sessions so far were missed without notice in time.")
        yield Fact("wishes", said % {"missed": missed, "all": len(held)}, _day(held[0][1]))
    offer = next(((value, at) for kind, value, at in told if kind == "mutual_help_offered"), None)
    if offer:
        yield Fact("wishes", _("Mutual help or a peer worker was offered."), _day(offer[1]))


def _use(client: Client, today: dt.date) -> Iterator[Fact]:
    start = today - WINDOW
    asked = ever_monitored(client)
    days = any_substance(current_days(client, start=start, end=today), asked, start=start, end=today)
    known = 0 if days is None else int((days.cells >= 0).sum())
    if days is None or not known:
        yield Fact("use", _("Use in the last four weeks is not known."), today)
    else:
        said = ngettext(
            "Used on %(used)s of %(known)s known day in the last four weeks.",
            "Used on %(used)s of %(known)s known days in the last four weeks.",
            known,
        ) % {"used": int((days.cells == 1).sum()), "known": known}
        yield Fact("use", said, today)
    returns = list(
        use_episodes(client).filter(starts_on__gte=today - RETURNS_WITHIN).values_list("starts_on", flat=True)
    )
    if returns:
        said = ngettext(
            "%(n)s return to use was told of in 90 days.",
            "%(n)s returns to use were told of in 90 days.",
            len(returns),
        )
        yield Fact("use", said % {"n": len(returns)}, max(returns))
    if craving := latest_craving(client):
        yield Fact(
            "use",
            _("Craving at its strongest %(n)s of 10.") % {"n": craving.strongest},
            _day(craving.told_at),
        )
    if test := results_of_tests(client).first():
        said = _("Latest test, %(matrix)s: %(result)s.") % {
            "matrix": str(test.get_matrix_display()).lower(),
            "result": str(test.get_result_display()).lower(),
        }
        yield Fact("use", said, _day(test.taken_at))


def _people(client: Client, plans: Plans, today: dt.date) -> Iterator[Fact]:
    people = [one for one in here(client) if not one.not_a_person]
    if not people:
        yield Fact("people", _("Nobody is on the circle yet."), None)
    else:
        said = _(
            "%(n)s people on the circle: %(support)s for recovery, %(use)s who use, %(home)s of those at home."
        )
        yield Fact(
            "people",
            said
            % {
                "n": len(people),
                "support": sum((one.supports_recovery or 0) > 0 for one in people),
                "use": sum(_uses(one) for one in people),
                "home": sum(_uses(one) and one.same_household is True for one in people),
            },
            max(_day(one.added_at) for one in people),
        )
    if plans.violence and plans.violence.is_on:
        yield Fact("people", _("The violence flag is on."), _day(plans.violence.at))


def _uses(one: Relationship) -> bool:
    return bool({one.alcohol, one.drugs} & USES)
