"""Certification: how far a person is, what they write down, and the pack to hand in."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.ui.answers import is_done, is_saved
from reknit.care.supervision import access, actions, forms
from reknit.care.supervision.models import CredentialGoal, CredentialProof
from reknit.care.supervision.queries import credentials as reads
from reknit.care.supervision.queries.hours import minutes_of
from reknit.core.supervision.credentials import checked_on

from .common import Visit, page, somebody, visit


@require_GET
def credential_show(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Each certification this person works towards, requirement by requirement."""
    here, person = somebody(request, person_id)
    record_read("certification", by=here.user, at=here.at, client=None)
    return _page(request, here, person, forms.GoalForm(), None)


def _page(
    request: HttpRequest, here: Visit, person: User, goal: forms.GoalForm, proof: forms.ProofForm | None
) -> HttpResponse:
    proof = proof or forms.ProofForm(initial={"key": uuid.uuid4(), "on": here.today})
    return page(
        request, "credentials", goal, proof, person=person, goals=reads.goals_of(person), goal_form=goal,
        proof_form=proof, proofs=reads.proofs_of(person), kinds=dict(forms.TOLD), checked_on=checked_on(),
        is_own=person.pk == here.user.pk, reader=here.user,
    )  # fmt: skip


@require_POST
def goal_set(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Work towards a level; only for oneself."""
    here, person = somebody(request, person_id)
    form = forms.GoalForm(request.POST)
    if person.pk != here.user.pk:
        messages.warning(request, _("Everybody sets their own goal."))
        return redirect("supervision:credential-show", person.pk)
    if is_saved(form, lambda: actions.set_goal(by=here.user, at=here.at, **form.cleaned_data)):
        return redirect("supervision:credential-show", person.pk)
    return _page(request, here, person, form, None)


@require_POST
def goal_end(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """No longer work towards it."""
    here = visit(request)
    goal = get_object_or_404(CredentialGoal, pk=goal_id)
    access.may_read_file(here.user, goal.person, on=here.today).or_refuse()
    is_done(request, lambda: actions.end_goal(by=here.user, at=here.at, goal=goal), _("Ended."))
    return redirect("supervision:credential-show", goal.person_id)


@require_POST
def proof_add(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Write down what no record here shows."""
    here, person = somebody(request, person_id)
    form = forms.ProofForm(request.POST)
    if is_saved(
        form, lambda: actions.add_proof(by=here.user, at=here.at, person=person, **form.cleaned_data)
    ):
        messages.info(request, _("Written down."))
        return redirect("supervision:credential-show", person.pk)
    return _page(request, here, person, forms.GoalForm(), form)


@require_POST
def proof_take_back(request: HttpRequest, proof_id: uuid.UUID) -> HttpResponse:
    """It was written down by mistake."""
    here = visit(request)
    proof = get_object_or_404(CredentialProof, pk=proof_id)
    access.may_read_file(here.user, proof.person, on=here.today).or_refuse()
    is_done(
        request,
        lambda: actions.take_back_proof(by=here.user, at=here.at, proof=proof),
        _("Taken back. It no longer counts."),
    )
    return redirect("supervision:credential-show", proof.person_id)


@require_GET
def pack_show(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """The portfolio: what is there, what is missing, courses by a number alone."""
    here, person = somebody(request, person_id)
    record_read("portfolio pack", by=here.user, at=here.at, client=None)
    return page(
        request, "pack", person=person, goals=reads.goals_of(person), cases=reads.pack_cases(person),
        proofs=reads.proofs_of(person), kinds=dict(forms.TOLD), minutes=minutes_of(person), today=here.today,
        checked_on=checked_on(),
    )  # fmt: skip
