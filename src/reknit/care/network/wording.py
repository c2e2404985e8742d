"""Words about a circle: what changed, what the indices come to, and what is worth asking."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.core.network import indices
from reknit.core.network.circle import OUTSIDE
from reknit.core.network.indices import Index
from reknit.core.network.structure import Graph

from .circles import Circle, Person
from .models import Relationship, Tie
from .queries import Comparison

Compute = Callable[[Circle], Index]
SHOWN_FIRST = 6


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One index now and before, each with for how many people it is known."""

    label: str
    now: str
    was: str
    known: str


def changes(found: Comparison) -> list[str]:
    """What changed between two versions, one short sentence for each kind; empty when nothing did."""
    said = [
        (_("New: %(names)s."), [one.alias for one in found.arrived]),
        (_("Closer: %(names)s."), [one.alias for one in found.moves if one.inward > 0]),
        (_("Further out: %(names)s."), [one.alias for one in found.moves if one.inward < 0]),
        (_("No longer listed: %(names)s."), [one.alias for one in found.left]),
    ]
    return [
        sentence % {"names": ", ".join(sorted(names)).removesuffix(".")} for sentence, names in said if names
    ]


def since(found: Comparison, one: Person) -> str:
    """What changed for one person, for a cell of the table."""
    if any(new.id == one.id for new in found.arrived):
        return _("new")
    step = next((move.inward for move in found.moves if move.id == one.id), 0)
    if step > 0:
        return ngettext("in %(n)s ring", "in %(n)s rings", step) % {"n": step}
    if step < 0:
        return ngettext("out %(n)s ring", "out %(n)s rings", -step) % {"n": -step}
    before = found.first.person(one.id)
    return "" if before is None or before.spot == one.spot else _("moved within the ring")


def people_rows(found: Comparison) -> list[tuple[str, str, str, str]]:
    """Everybody on either version: alias, ring then, ring now, what changed. The latest version's order, the gone last."""
    gone = [(one, _ring(one), "", _("no longer listed")) for one in found.left]
    here = [
        (one, _ring(found.first.person(one.id)), _ring(one), since(found, one) or _("the same"))
        for one in sorted(found.latest.people, key=lambda one: one.ring or 9)
    ]
    return [(one.alias, then, now, words) for one, then, now, words in [*here, *gone]]


def _ring(one: Person | None) -> str:
    """The ring as a table says it; empty for somebody who is not on that version."""
    if one is None:
        return ""
    return _("not known") if one.ring is None else _("outside") if one.ring == OUTSIDE else str(one.ring)


def use_words(one: Person) -> str:
    """Use in a word; empty when it is not known."""
    return {"uses": _("uses"), "recovery": _("in recovery"), "none": _("none")}.get(one.use or "", "")


def support_words(one: Person) -> str:
    """Support for recovery in a word; empty when it is not known."""
    if one.supports_recovery is None:
        return ""
    return (
        _("for") if one.supports_recovery > 0 else _("against") if one.supports_recovery < 0 else _("mixed")
    )


def contact_words(one: Person) -> str:
    """How often they are in contact, or why not; empty when it is not known."""
    if one.contact is not None:
        return (
            _("none"), _("rare"), _("seldom"), _("monthly"), _("fortnightly"), _("weekly"), _("most days"), _("daily"),
        )[one.contact]  # fmt: skip
    return str(Relationship.Status(one.status).label) if one.status else ""


def index_rows(now: Circle, before: Circle | None) -> tuple[list[IndexRow], list[IndexRow]]:
    """Every index: the six that are talked about most, then the others."""
    rows = [_row(label, compute, shown, now, before) for label, compute, shown in _indices()]
    return rows[:SHOWN_FIRST], rows[SHOWN_FIRST:]


def change_rows(found: Comparison) -> list[tuple[str, str]]:
    """How much of the circle is the same: figures of the change between two versions."""
    percent = [
        (_("Kept, of all on either version (Jaccard)"), found.change.jaccard),
        (_("Kept, of those before (retention)"), found.change.retention),
        (_("Turnover"), found.change.turnover),
    ]
    rings = [
        (_("Rings closer, people for recovery"), found.movement_of_support()),
        (_("Rings closer, people who use"), found.movement_of_use()),
    ]
    few = min(len(found.first.counted()), len(found.latest.counted())) < indices.ENOUGH_FOR_A_SHARE
    return [
        *(
            (label, _("not enough people") if few or value is None else _percent(value))
            for label, value in percent
        ),
        *(
            (label, _("nobody on both versions") if value is None else _signed(value))
            for label, value in rings
        ),
    ]


def questions(now: Circle, found: Comparison | None) -> list[str]:
    """What is worth asking: questions, not findings. At most five."""
    asked = []
    for move in found.moves if found else ():
        words = {"name": move.alias, "n": found.first.number if found else 0}
        if move.inward > 0:
            asked.append(_("%(name)s moved closer since version %(n)s. What did that take?") % words)
        else:
            asked.append(_("%(name)s moved further out since version %(n)s. How is that?") % words)
    asked += _strains(now)
    people = now.counted()
    if people and not any(one.from_treatment for one in now.people):
        asked.append(_("Nobody from treatment or mutual help is on the circle. Is there somebody?"))
    unknown = [one.alias for one in people if one.use is None]
    if unknown:
        asked.append(_("It is not known whether these use: %(names)s") % {"names": ", ".join(unknown[:6])})
    return asked[:5]


def _strains(now: Circle) -> list[str]:
    """Two people under strain, and somebody who is close to one of them."""
    found = []
    for one, other, kind in now.ties:
        first, second = now.person(one), now.person(other)
        if kind != Tie.Kind.CONFLICT or not (first and second):
            continue
        words = {"one": first.alias, "other": second.alias}
        third = _close_to(now, one, other)
        if third:
            words["third"] = third.alias
            found.append(_("%(one)s and %(other)s are under strain. Does %(third)s feel it?") % words)
        else:
            found.append(
                _("%(one)s and %(other)s are under strain. Where does that leave the client?") % words
            )
    return found


def _close_to(now: Circle, one: object, other: object) -> Person | None:
    pair = {one, other}
    for first, second, kind in now.ties:
        ends = {first, second}
        if kind == Tie.Kind.CLOSE and len(ends & pair) == 1:
            (third,) = ends - pair
            return now.person(third)
    return None


def _indices() -> list[tuple[str, Compute, Callable[[float], str]]]:
    """Label, how it is computed, how its value is written."""
    return [
        (_("People listed"), lambda c: indices.size(c.alters()), _whole),
        (_("Weekly contacts who do not use"), lambda c: indices.sober_weekly(c.alters()), _whole),
        (_("Use with the client weekly, or supply"), lambda c: indices.exposure(c.alters()), _whole),
        (_("Support for recovery, −2 to +2"), lambda c: indices.recovery_support(c.alters()), _signed),
        (_("Average conflict in rings 1 and 2, 0 to 10"), lambda c: indices.conflict_load(c.alters()), _one),
        (_("Density of ties between people"), _density, _two),
        (_("Contact every day"), lambda c: indices.daily(c.alters()), _whole),
        (
            _("Average importance, 1 to 6"),
            lambda c: indices.mean_of(c.alters(), lambda a: a.importance),
            _one,
        ),
        (_("General support weighted by ring, 1 to 6"), lambda c: indices.close_support(c.alters()), _one),
        (_("Share of contact with people who use"), lambda c: indices.using_contact(c.alters()), _percent),
        (_("Drink or use heavily"), lambda c: indices.share_of(c.alters(), lambda a: a.heavy), _percent),
        (_("Both give about the same"), lambda c: indices.reciprocity(c.alters()), _percent),
        (
            _("Emotional support from one person"),
            lambda c: indices.support_concentration(c.alters()),
            _percent,
        ),
        (_("Kinds of support a person gives, of three"), lambda c: indices.multiplexity(c.alters()), _one),
        (_("Kinds of support only one person gives"), lambda c: indices.single_point(c.alters()), _percent),
        (
            _("Support for treatment, 1 to 6"),
            lambda c: indices.mean_of(c.alters(), lambda a: a.treatment),
            _one,
        ),
        (_("Variety of relations (Blau)"), lambda c: indices.blau(c.alters(), lambda a: a.relation), _two),
        (_("Parts without the client"), _structural(lambda g: len(g.components())), _whole),
        (_("People tied to nobody else"), _structural(lambda g: len(g.isolates())), _whole),
        (_("People who hold parts together"), _structural(lambda g: len(g.brokers())), _whole),
        (_("Ties across use, −1 to +1 (E-I)"), _across, _signed),
        (_("Effective size (Burt)"), _structural(lambda g: g.effective_size()), _one),
        (_("Efficiency (Burt)"), _structural(lambda g: g.efficiency()), _two),
        (_("Constraint (Burt)"), _structural(lambda g: g.constraint()), _two),
    ]


def _density(circle: Circle) -> Index:
    return indices.density(circle.graph(), asked=circle.ties_asked)


def _across(circle: Circle) -> Index:
    return indices.using_e_i(circle.alters(), circle.graph(), asked=circle.ties_asked)


def _structural(value: Callable[[Graph], float]) -> Compute:
    return lambda circle: indices.structural(circle.graph(), value, asked=circle.ties_asked)


def _row(
    label: str, compute: Compute, shown: Callable[[float], str], now: Circle, before: Circle | None
) -> IndexRow:
    present = compute(now)
    earlier = compute(before) if before else None
    return IndexRow(
        label=label,
        now=_said(present, shown),
        was=_before(earlier, shown),
        known=_("%(known)s of %(all)s") % {"known": present.known, "all": present.of},
    )


def _before(earlier: Index | None, shown: Callable[[float], str]) -> str:
    """The earlier value, or why there was none; nothing where there was no earlier version."""
    if earlier is None:
        return ""
    words = _("was %(value)s") if earlier.value is not None else _("before: %(value)s")
    return words % {"value": _said(earlier, shown)}


def _said(index: Index, shown: Callable[[float], str]) -> str:
    if index.value is not None:
        return shown(index.value)
    return {
        "too_few": _("not enough people"),
        "not_known": _("not known"),
        "not_asked": _("pairs not asked"),
        "no_ties": _("no ties"),
    }[index.reason or "not_known"]


def _whole(value: float) -> str:
    return number_format(round(value))


def _one(value: float) -> str:
    return number_format(value, 1)


def _two(value: float) -> str:
    return number_format(value, 2)


def _signed(value: float) -> str:
    rounded = round(value, 1) + 0.0
    written = number_format(abs(rounded), 1)
    return f"+{written}" if rounded > 0 else f"−{written}" if rounded < 0 else written


def _percent(value: float) -> str:
    return _("%(n)s %%") % {"n": round(100 * value)}
