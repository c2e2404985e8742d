"""Sessions drawn to be rated, rating them, drift, process completeness, and the director's totals."""

import secrets
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.audit.record import record_read
from reknit.base.ui.answers import is_done, is_saved
from reknit.care.people.access import may_lead, may_supervise
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import course_of
from reknit.care.supervision import access, actions, forms
from reknit.care.supervision.models import Rating, SampledSession
from reknit.care.supervision.queries import ratings as reads
from reknit.care.supervision.queries.sampling import sampled_of
from reknit.core.programme.conditions import title
from reknit.core.supervision.fidelity import form as fidelity_form
from reknit.core.supervision.process import Check, process

from .common import Visit, course_for, page, somebody, visit

SEEDS = 2**31
SHOWN = 60


@require_GET
def rating_list(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """One therapist's drawn sessions, the drift over a year, and how far raters agree."""
    here, person = somebody(request, person_id)
    record_read("ratings", by=here.user, at=here.at, client=None)
    quality = fidelity_form()
    return page(
        request,
        "rating_list",
        person=person,
        sampled=[(one, _state(one)) for one in sampled_of(person)[:SHOWN]],
        drift=reads.drift_of(person, today=here.today),
        may_draw=access.supervises(here.user, person, on=here.today),
        is_own=person.pk == here.user.pk,
        scale=(quality.low, quality.high),
        reference=(quality.adherent, _("%(n)s: adherent") % {"n": quality.adherent}),
    )


def _state(one: SampledSession) -> str:
    """Where a drawn session stands, in words; nobody's score."""
    if one.left_out:
        return _("left out: %(why)s") % {"why": str(one.get_left_out_display()).lower()}
    there = {rating.part for rating in one.ratings.all() if rating.handed_in_at}
    asked = reads.asked_for(one)
    if there >= set(asked):
        return _("all ratings are in")
    return _("%(n)d of %(of)d ratings are in") % {"n": len(there), "of": len(asked)}


@require_POST
def session_draw(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Draw sessions to rate. The seed comes from the system and is kept."""
    here, person = somebody(request, person_id)
    is_done(
        request,
        lambda: actions.draw_sessions(
            by=here.user, at=here.at, supervisee=person, seed=secrets.randbelow(SEEDS)
        ),
        _("Drawn. Nobody chose them: the seed is kept with the draw."),
    )
    return redirect("supervision:rating-list", person.pk)


def find_sampled(request: HttpRequest, sampled_id: uuid.UUID) -> tuple[Visit, SampledSession]:
    """A drawn session this person rates or runs; refused to all others."""
    here = visit(request)
    rows = SampledSession.objects.select_related(
        "encounter__episode", "therapist", "draw", "second_rater", "replaces"
    )
    sampled = get_object_or_404(rows, pk=sampled_id)
    access.may_see_sampled(here.user, sampled, on=here.today).or_refuse()
    return here, sampled


@require_GET
def sampled_show(request: HttpRequest, sampled_id: uuid.UUID) -> HttpResponse:
    """One drawn session: who has rated, and all ratings beside each other once they are in."""
    here, sampled = find_sampled(request, sampled_id)
    record_read("sampled session", by=here.user, at=here.at, client=None, sampled=str(sampled.pk))
    return _sampled_page(request, here, sampled)


def _sampled_page(
    request: HttpRequest,
    here: Visit,
    sampled: SampledSession,
    *,
    where: forms.WhereForm | None = None,
    leave: forms.LeaveOutForm | None = None,
    second: forms.SecondForm | None = None,
) -> HttpResponse:
    runs = access.supervises(here.user, sampled.therapist, on=here.today)
    people = {"rater": reads.second_raters(here.user, sampled) if runs and sampled.rated_twice else []}
    shown = reads.sampled_as_seen(here.user, sampled, on=here.today)
    where = where or forms.WhereForm(initial={"where": sampled.kept_where})
    leave, second = leave or forms.LeaveOutForm(), second or forms.SecondForm(people=people)
    return page(
        request, "sampled_show", where, leave, second,
        sampled=sampled, shown=shown, runs=runs and not sampled.left_out, where=where, leave=leave,
        second=second, raters=people["rater"], person=sampled.therapist,
        may_name_client=here.user.pk != sampled.second_rater_id,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def rating_edit(request: HttpRequest, sampled_id: uuid.UUID) -> HttpResponse:
    """One's own rating: kept as a draft, or handed in for good. Nobody else's is on the page."""
    here, sampled = find_sampled(request, sampled_id)
    shown = reads.sampled_as_seen(here.user, sampled, on=here.today)
    own = shown.own.rating if shown.own else None
    if sampled.left_out or (own and own.handed_in_at):
        return redirect("supervision:sampled-show", sampled.pk)
    form = forms.RatingForm(request.POST or None, rating=own)

    def save() -> None:
        kept.append(actions.save_rating(by=here.user, at=here.at, sampled=sampled, **form.values()))

    kept: list[Rating] = []
    if is_saved(form, save):
        if request.POST.get("then") == "hand-in" and not _hand_in(request, here, sampled, kept[0]):
            return redirect("supervision:rating-edit", sampled.pk)
        return redirect("supervision:sampled-show", sampled.pk)
    if request.method == "GET":
        record_read("own rating", by=here.user, at=here.at, client=None, sampled=str(sampled.pk))
    return page(request, "rating_edit", form, form=form, sampled=sampled, quality=fidelity_form())


def _hand_in(request: HttpRequest, here: Visit, sampled: SampledSession, kept: Rating) -> bool:
    return is_done(
        request,
        lambda: actions.hand_in_rating(by=here.user, at=here.at, sampled=sampled, revision=kept.revision),
        _("Handed in."),
    )


@require_POST
def sampled_where(request: HttpRequest, sampled_id: uuid.UUID) -> HttpResponse:
    """Where the recording is kept."""
    here, sampled = find_sampled(request, sampled_id)
    form = forms.WhereForm(request.POST)
    if is_saved(
        form,
        lambda: actions.keep_where(
            by=here.user, at=here.at, sampled=sampled, where=form.cleaned_data["where"]
        ),
    ):
        return redirect("supervision:sampled-show", sampled.pk)
    return _sampled_page(request, here, sampled, where=form)


@require_POST
def sampled_leave_out(request: HttpRequest, sampled_id: uuid.UUID) -> HttpResponse:
    """A session that cannot be rated gives its place to another."""
    here, sampled = find_sampled(request, sampled_id)
    form = forms.LeaveOutForm(request.POST)
    other: list[SampledSession] = []

    def leave() -> None:
        found = actions.leave_out_session(
            by=here.user, at=here.at, sampled=sampled, why=form.cleaned_data["why"]
        )
        other.extend([found] if found else [])

    if is_saved(form, leave):
        return redirect("supervision:sampled-show", other[0].pk if other else sampled.pk)
    sampled.refresh_from_db()
    return _sampled_page(request, here, sampled, leave=form)


@require_POST
def sampled_second(request: HttpRequest, sampled_id: uuid.UUID) -> HttpResponse:
    """Ask a second person to rate it."""
    here, sampled = find_sampled(request, sampled_id)
    form = forms.SecondForm(request.POST, people={"rater": reads.second_raters(here.user, sampled)})

    def name() -> None:
        actions.name_second_rater(by=here.user, at=here.at, sampled=sampled, rater=form.person("rater"))

    if is_saved(form, name):
        return redirect("supervision:sampled-show", sampled.pk)
    return _sampled_page(request, here, sampled, second=form)


CHECKS = {
    "gates": gettext_lazy("Phase gates respected"),
    "formulation": gettext_lazy("Formulation agreed"),
    "ending_date": gettext_lazy("Ending date set in the opening sessions"),
    "midcourse": gettext_lazy("Mid-course review held"),
    "closure": gettext_lazy("Closing set complete"),
    "focus": gettext_lazy("Focus stable: at most one switch"),
}


@require_GET
def process_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Layer 1 of one course, for its therapist and their supervisor. No rating stands on this page."""
    here, client, episode = course_for(request, client_id)
    if not may_lead(here.user, client, on=here.today):
        may_supervise(here.user, client, on=here.today).or_refuse()
    record_read("process completeness", by=here.user, at=here.at, client=client)
    course = course_of(episode)
    found = process(course, closed=episode.status == Episode.Status.CLOSED)
    rows = [(CHECKS[one.code], one, _missing(one, course)) for one in found.checks]
    return page(request, "process", client=client, course=course, found=found, rows=rows)


def _missing(check: Check, course: Any) -> str:
    if check.code == "gates":
        return ", ".join(check.missing)
    return "; ".join(_(title(course, name)) for name in check.missing)


@require_GET
def totals_show(request: HttpRequest) -> HttpResponse:
    """Ratings of the whole programme, of five people or more, and no person."""
    here = visit(request)
    access.may_see_totals(here.user).or_refuse()
    record_read("totals of ratings", by=here.user, at=here.at, client=None)
    return page(request, "totals", totals=reads.totals(), fewest=reads.FEWEST_PEOPLE, quality=fidelity_form())
