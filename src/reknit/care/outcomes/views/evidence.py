"""The page of evidence, and the words for what its graders and studies say in codes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from reknit.base.accounts.models import User
from reknit.care.outcomes.access import may_read_evidence
from reknit.care.outcomes.evidence import SMALL, Answered, panel
from reknit.core.evidence.library import Result, Study, beside, claims, resources, reviewed_on

GRADES = {
    "well_established": _("Well established"),
    "probably_efficacious": _("Probably efficacious"),
    "possibly_efficacious": _("Possibly efficacious"),
    "efficacious": _("Efficacious"),
    "efficacious_and_specific": _("Efficacious and specific"),
    "experimental": _("Experimental"),
    "very_strong": _("Very strong"),
    "strong": _("Strong"),
    "weak": _("Weak"),
    "insufficient": _("Insufficient"),
}
SCHEME_NAMES = {
    "task-force-1998": _("Division 12, Task Force 1998"),
    "chambless-hollon-1998": _("Chambless and Hollon 1998"),
    "tolin-2015": _("Tolin 2015"),
}
VERDICTS = {
    "superior": _("IPT did better"),
    "equivalent": _("as good"),
    "no_difference": _("no difference"),
    "inferior": _("IPT did less well"),
    "uncontrolled": _("no comparison group"),
    "association": _("no test of a treatment"),
    "not_reported": _("no result found"),
}
NOT_OF_IPT = VERDICTS | {"superior": _("it did better"), "inferior": _("it did less well")}
CHECKED = {
    "abstract": _("Checked at its source."),
    "secondary": _("Checked through another source."),
    "memory": _("Not checked: from memory."),
}


@require_GET
def evidence_show(request: HttpRequest) -> HttpResponse:
    """The evidence, question by question: depression and use apart, negative studies with the same weight."""
    if not isinstance(request.user, User):
        raise Http404
    may_read_evidence(request.user).or_refuse()
    shown = [(one, CHECKED[one.checked]) for one in resources()]
    context = {
        "panel": [_answered(one) for one in panel()],
        "beside": _rows(beside(), NOT_OF_IPT),
        "claims": claims(),
        "small": SMALL,
        "reviewed_on": dt.date.fromisoformat(reviewed_on()),
        "resources": [(kind, list(rows)) for kind, rows in groupby(shown, key=lambda row: row[0].kind)],
    }
    return render(request, "outcomes/staff/evidence.html", context)


def _answered(one: Answered) -> dict[str, object]:
    return {
        "one": one,
        "grades": [(SCHEME_NAMES[g.scheme], GRADES[g.grade], g) for g in one.grades],
        "strict": [(SCHEME_NAMES[g.scheme], GRADES[g.grade]) for g in one.strict],
        "rows": _rows(one.rows, VERDICTS),
    }


def _rows(found: Iterable[tuple[Study, Result]], words: Mapping[str, object]) -> list[tuple[object, ...]]:
    return [(study, result, words[result.verdict], CHECKED[study.checked]) for study, result in found]
