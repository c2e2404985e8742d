"""Shape and wording of a protocol's parts, each a form of its own. What it asks for is one edit of the core."""

import re
from functools import partial
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.fields import no_control_characters
from reknit.care.programme.models import Contract
from reknit.care.programme.protocol_words import FIELDS, KLASS_MEANS, SEVERITIES
from reknit.core.measures.catalogue import measures
from reknit.core.programme import editing
from reknit.core.programme.editing import Edit, How, When
from reknit.core.programme.kept import severities
from reknit.core.programme.protocol import (
    Attendance,
    Klass,
    MeasureSet,
    ProtocolTemplate,
    SetItem,
    Severity,
    TaskDue,
)

from . import Revised, words

NAME = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
SESSIONS = re.compile(r"^\d{1,3}([,\s]+\d{1,3})*$")


def line(label: Any, **options: Any) -> forms.CharField:
    """A short line."""
    return forms.CharField(label=label, max_length=120, validators=[no_control_characters], **options)


def whole(name: str, least: int, most: int, **options: Any) -> forms.IntegerField:
    """A whole number of one of the template's fields."""
    return forms.IntegerField(label=FIELDS[name], min_value=least, max_value=most, **options)


class CopyForm(forms.Form):
    """What the copy is called."""

    title = line(gettext_lazy("Title"))
    name = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=16,
        help_text=gettext_lazy(
            "Small letters, figures and hyphens, such as ipt-evening. It stays for all versions."
        ),
    )

    def clean_name(self) -> str:
        """The end of the code."""
        name: str = self.cleaned_data["name"].strip()
        if not NAME.match(name):
            raise forms.ValidationError(
                _("Use small letters, figures and hyphens only, such as ipt-evening.")
            )
        return name


class Part(Revised):
    """One part of a draft. `plan` is how it stands."""

    def __init__(self, *args: Any, plan: ProtocolTemplate, **options: Any) -> None:
        super().__init__(*args, **options)
        self.plan = plan
        self.build()

    def build(self) -> None:
        """Fields that depend on the protocol."""

    def edit(self) -> Edit:
        """The one change that this form asks for."""
        raise NotImplementedError


class BasicsForm(Part):
    """Title, number of sessions, minutes, cadence, window."""

    title = line(FIELDS["title"])
    planned_sessions = whole(
        "planned_sessions",
        1,
        60,
        help_text=gettext_lazy(
            "Fewer or more sessions change the middle; the opening and the closing stay whole."
        ),
    )
    session_minutes = whole("session_minutes", 5, 480)
    cadence_days = whole("cadence_days", 1, 60, help_text=gettext_lazy("7 is once a week."))
    course_window_days = whole(
        "course_window_days", 1, 1500, help_text=gettext_lazy("From the first session to the last one, with room for weeks that fall out.")
    )  # fmt: skip

    def build(self) -> None:
        for name in ("title", "planned_sessions", "session_minutes", "cadence_days", "course_window_days"):
            self.fields[name].initial = getattr(self.plan, name)

    def edit(self) -> Edit:
        said = {name: said for name, said in self.cleaned_data.items() if name != "revision"}
        return partial(editing.set_basics, sessions=said.pop("planned_sessions"), **said)


class PhasesForm(Part):
    """Where each phase ends, and what staff and clients call it."""

    def build(self) -> None:
        latest = self.plan.phases[-1].code if self.plan.phases else ""
        for phase in self.plan.phases:
            end = forms.IntegerField(
                label=_("%(phase)s: last session") % {"phase": _(phase.title)},
                min_value=1,
                max_value=60,
                initial=phase.to_slot,
                disabled=phase.code == latest,
                help_text=_("The last phase ends with the course.") if phase.code == latest else "",
            )
            self.fields[f"end_{phase.code}"] = end
            self.fields[f"title_{phase.code}"] = line(_("What staff call it"), initial=phase.title)
            self.fields[f"client_{phase.code}"] = line(
                _("What clients call it"), initial=phase.client_title, help_text=_("A few plain words.")
            )

    def edit(self) -> Edit:
        said, codes = self.cleaned_data, [phase.code for phase in self.plan.phases]
        return partial(
            editing.set_phases,
            ends={code: said[f"end_{code}"] for code in codes},
            titles={code: (said[f"title_{code}"], said[f"client_{code}"]) for code in codes},
        )


class AttendanceForm(Part):
    """Missed sessions, and how far a course may be extended."""

    miss_policy = forms.ChoiceField(
        label=FIELDS["miss_policy"], choices=Contract.MissRule.choices, widget=forms.RadioSelect
    )
    rolls = whole("rolls", 0, 10)
    late_cancel_hours = whole("late_cancel_hours", 0, 168)
    most_misses_in_a_row = whole("most_misses_in_a_row", 1, 10)
    most_days_without_contact = whole("most_days_without_contact", 1, 180)
    extension_share = forms.IntegerField(
        label=gettext_lazy("Most a course may be extended, in per cent of its sessions"),
        min_value=0,
        max_value=50,
        help_text=gettext_lazy(
            "25 is 4 of 16. A time limit that slides is none, so this goes to 50 at most."
        ),
    )

    def build(self) -> None:
        for name in self.base_fields:
            if name not in ("revision", "extension_share"):
                self.fields[name].initial = getattr(self.plan.attendance, name)
        self.fields["extension_share"].initial = round(self.plan.attendance.extension_share * 100)

    def edit(self) -> Edit:
        said = {name: said for name, said in self.cleaned_data.items() if name != "revision"}
        share = said.pop("extension_share") / 100
        return partial(editing.set_attendance, attendance=Attendance(**said, extension_share=share))


class GatesForm(Part):
    """How hard each gate holds, where that is the clinic's to set."""

    def build(self) -> None:
        for gate in self.plan.gates:
            allowed = severities(gate)
            if len(allowed) > 1:
                self.fields[gate.code] = forms.ChoiceField(
                    label=f"{gate.code} · {_(gate.title)}",
                    choices=[(one, SEVERITIES[one]) for one in allowed],
                    initial=gate.severity,
                    widget=forms.RadioSelect,
                )

    def edit(self) -> Edit:
        said = {name: cast(Severity, one) for name, one in self.cleaned_data.items() if name != "revision"}
        return partial(editing.set_gates, severity=said)


PARTS: dict[str, type[Part]] = {
    "basics": BasicsForm,
    "phases": PhasesForm,
    "attendance": AttendanceForm,
    "gates": GatesForm,
}


class SetForm(Part):
    """What a set asks for, and when."""

    def __init__(self, *args: Any, one: MeasureSet, **options: Any) -> None:
        self.one = one
        super().__init__(*args, **options)

    def build(self) -> None:
        used = [*self.one.items, *(item for one in self.plan.sets for item in one.items)]
        self.known = {f"{item.kind}:{item.id}": item for item in reversed(used)}
        more = {f"measure:{one.id}": measure_item(one.id, one.short_title) for one in measures()}
        self.more = {key: item for key, item in more.items() if key not in self.known}
        mine = [f"{item.kind}:{item.id}" for item in self.one.items]
        order = [*mine, *sorted(self.known.keys() - set(mine))]
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("Asked for"),
            choices=[(key, _(self.known[key].title)) for key in order],
            initial=mine,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["more"] = forms.ChoiceField(
            label=_("Another questionnaire"),
            choices=[("", _("None")), *((key, item.title) for key, item in self.more.items())],
            required=False,
        )
        self._ask_when()

    def _ask_when(self) -> None:
        if self.one.span:
            self.fields["every"] = forms.IntegerField(
                label=_("Every how many sessions"), min_value=1, max_value=60, initial=self.one.every
            )
        elif not self.one.months_after_end:
            self.fields["slots"] = forms.RegexField(
                SESSIONS,
                label=_("In which sessions"),
                max_length=200,
                initial=", ".join(str(slot) for slot in self.one.slots),
                help_text=_("Numbers with commas, such as 3, 8, 16. The intake is 0."),
                error_messages={"invalid": _("Write session numbers with commas, such as 3, 8, 16.")},
            )

    def edit(self) -> Edit:
        said = self.cleaned_data
        chosen = [self.known[key] for key in said["items"]]
        if said["more"]:
            chosen.append(self.more[said["more"]])
        slots = tuple(dict.fromkeys(int(n) for n in re.findall(r"\d+", said.get("slots") or "")))
        return partial(
            editing.set_measures, code=self.one.code, items=chosen, slots=slots, every=said.get("every")
        )


def measure_item(key: str, title: str) -> SetItem:
    """A questionnaire as a set holds it."""
    return SetItem(key, "measure", title, f"score/{key}")


class TaskForm(Part):
    """Where a task stands and in which class. `task` is the occasion that is moved; without one a task is added."""

    how = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[
            ("at", gettext_lazy("In one session")),
            ("by", gettext_lazy("By a session, any time in its phase before it")),
            ("every", gettext_lazy("Each session, from one to another")),
            ("hand", gettext_lazy("When it fits, in one phase")),
        ],
        widget=forms.RadioSelect,
    )
    to = forms.IntegerField(
        label=gettext_lazy("Session"),
        min_value=0,
        max_value=60,
        required=False,
        help_text=gettext_lazy("The session, or the last one of several. The intake is 0."),
    )
    first = forms.IntegerField(
        label=gettext_lazy("First session"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=gettext_lazy("Only for each session, from one to another."),
    )
    phase = forms.ChoiceField(
        label=gettext_lazy("Phase"),
        required=False,
        help_text=gettext_lazy("Only for when it fits; otherwise the session decides."),
    )
    klass = forms.ChoiceField(
        label=gettext_lazy("How it counts"), choices=KLASS_MEANS.items(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, task: TaskDue | None = None, **options: Any) -> None:
        self.task = task
        super().__init__(*args, **options)

    def build(self) -> None:
        phase = cast(forms.ChoiceField, self.fields["phase"])
        phase.choices = [(one.code, _(one.title)) for one in self.plan.phases]
        if self.task is None:
            library = self.plan.library.values()
            choices = [(one.code, f"{one.code} · {_(one.title)}") for one in library]
            self.fields["code"] = forms.ChoiceField(label=_("Task of the library"), choices=choices)
            self.order_fields(["code"])
            self.initial.setdefault("how", "at")
            self.initial.setdefault("klass", "OPT")
            return
        how = "every" if self.task.every else "by" if self.task.due_by_slot is not None else "hand"
        self.initial.update(
            {
                "how": "at" if self.task.due_slot is not None else how,
                "first": self.task.every[0] if self.task.every else None,
                "to": self.task.every[1] if self.task.every else self.task.latest_slot,
                "phase": self.task.phase,
                "klass": self.task.klass,
            }
        )

    def edit(self) -> Edit:
        said = self.cleaned_data
        where = When(cast(How, said["how"]), said["first"], said["to"], said["phase"])
        klass = cast(Klass, said["klass"])
        if self.task is None:
            return partial(editing.add_task, code=said["code"], when=where, klass=klass)
        return partial(editing.move_task, key=self.task.key, when=where, klass=klass)


class ProtocolAnswerForm(Revised):
    """The second person's yes or no."""

    answer = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    words = words(gettext_lazy("Your words"), required=False, help_text=gettext_lazy("A no says why."))


class WithdrawForm(forms.Form):
    """Why a version is withdrawn."""

    why = words(gettext_lazy("Why it is withdrawn"))
