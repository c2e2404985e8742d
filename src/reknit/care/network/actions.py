"""Every change to the people of a client's circle and to its versions.

A change of the circle goes into the version that is being drawn and begins one where none is. Signed versions stay.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Conflict, DomainError
from reknit.base.fields import no_control_characters
from reknit.care.people.models import Client
from reknit.care.programme.actions import record_fact
from reknit.care.programme.queries import clinical_content, current_episode
from reknit.core.network.circle import free_angle

from .circles import Circle
from .details import DETAILS, SCALES
from .models import CircleVersion, Relationship, Tie
from .queries import here, latest_slot, open_circle

State = CircleVersion.State


@action
def begin_version(*, by: User, at: dt.datetime, client: Client) -> CircleVersion:
    """The version that is being drawn; a new one where none is open. It carries on from what stands."""
    version = _hold(client, at=at)
    if version:
        audit.unchanged()
        return version
    return _begin(client, by=by, at=at)


@action
def add_relationship(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    alias: str,
    relation: str = "",
    ring: int | None = None,
    key: uuid.UUID | None = None,
) -> Relationship:
    """Name somebody. `key` may have been made by the page, so that a double send names one."""
    version = _hold(client, at=at)
    if key and (known := Relationship.objects.filter(pk=key).first()):
        return _already_named(known, client)
    alias = _words(alias, field="alias", most=40, required=True)
    _check_alias(client, alias)
    if relation and relation not in Relationship.Relation.values:
        raise DomainError(_("Choose what they are to the client from the list."), field="relation")
    row = Relationship.objects.create(
        **({"id": key} if key else {}),
        client=client,
        alias=alias,
        relation=relation,
        not_a_person=relation in Relationship.NO_PERSON,
        from_treatment=relation == Relationship.Relation.PEER,
        added_by=by,
        added_at=at,
    )
    if ring is not None:
        _put(row, ring, None)
    _changed(version or _begin(client, by=by, at=at), ties_asked=False)
    audit.record("add relationship", by=by, at=at, subject=row, client=client)
    return row


@action
def add_people(
    *, by: User, at: dt.datetime, client: Client, people: Sequence[Mapping[str, Any]]
) -> list[Relationship]:
    """Name several at once, each with what is known of them: all of them or none. `key` as in `add_relationship`.

    Each is a microsecond after the one before, so that lists keep the order in which they were named.
    """
    named = []
    for place_in_list, told in enumerate(people):
        try:
            named.append(_name(told, by=by, at=at + dt.timedelta(microseconds=place_in_list), client=client))
        except DomainError as error:
            raise DomainError(error.sentence, field=f"{place_in_list}-{error.field}") from error
    if not named:
        raise DomainError(_("Write at least one person's initials or nickname."))
    return named


def _name(told: Mapping[str, Any], *, by: User, at: dt.datetime, client: Client) -> Relationship:
    ways: dict[str, Any] = {"by": by, "at": at}
    first = {name: told[name] for name in ("alias", "relation", "ring", "key") if name in told}
    key = told.get("key")
    known = Relationship.objects.filter(pk=key, client=client).first() if key else None
    row = known or add_relationship(**ways, client=client, **first)
    details = {name: value for name, value in told.items() if name not in first and value not in (None, "")}
    if known:  # a double send changes nothing
        audit.unchanged()
    if known or not details:
        return row
    return describe_relationship(**ways, relationship=row, revision=row.revision, details=details)


@action
def describe_relationship(
    *, by: User, at: dt.datetime, relationship: Relationship, revision: int, details: Mapping[str, Any]
) -> Relationship:
    """Write down what is known about somebody. Only the details that are named change; empty means not known."""
    version = _hold(relationship.client, at=at)
    row = Relationship.objects.select_for_update().get(pk=relationship.pk)
    wanted = {name: _checked(name, value) for name, value in details.items()}
    if "alias" in wanted:
        _check_alias(row.client, wanted["alias"], but=row)
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not changed:
        audit.unchanged()
        return row
    if row.revision != revision:
        raise Conflict(
            _("Somebody else changed this person while you were writing. Both versions are here: choose."),
            theirs={name: getattr(row, name) for name in wanted},
        )
    Relationship.objects.filter(pk=row.pk).update(**changed, revision=F("revision") + 1)
    row.refresh_from_db()
    _changed(version or _begin(row.client, by=by, at=at))
    detail = {"fields": sorted(changed)}
    audit.record("describe relationship", by=by, at=at, subject=row, client=row.client_id, detail=detail)
    return row


@action
def place(
    *,
    by: User,
    at: dt.datetime,
    relationship: Relationship,
    ring: int,
    angle: int | None = None,
    depth: int | None = None,
) -> Relationship:
    """Put a mark into a ring, at an angle or where there is room, on the ring's line or as far out in it as `depth` says.

    The page's drag, keys and lists all end here.
    """
    version = _hold(relationship.client, at=at)
    row = Relationship.objects.select_for_update().get(pk=relationship.pk)
    if row.set_aside_at:
        raise DomainError(_("This person is not on the circle. Bring them back first, then place them."))
    if row.ring == ring and (angle is None or (angle, depth) == (row.angle, row.depth)):
        audit.unchanged()
        return row
    _put(row, ring, angle, depth)
    _changed(version or _begin(row.client, by=by, at=at))
    audit.record("place relationship", by=by, at=at, subject=row, client=row.client_id)
    return row


@action
def arrange(*, by: User, at: dt.datetime, client: Client, rings: Mapping[uuid.UUID, int]) -> int:
    """Put several people into rings at once; gives how many moved."""
    rows = {row.pk: row for row in here(client).filter(pk__in=list(rings))}
    if len(rows) != len(rings):
        raise DomainError(_("Somebody on this list is not on the circle any more. Open the page again."))
    moving = [key for key, ring in rings.items() if rows[key].ring != ring]
    for key in moving:
        place(by=by, at=at, relationship=rows[key], ring=rings[key])
    if not moving:
        audit.unchanged()
    return len(moving)


@action
def set_aside(*, by: User, at: dt.datetime, relationship: Relationship) -> Relationship:
    """Take somebody off the circle. They stay on every version that had them, and can be brought back."""
    version = _hold(relationship.client, at=at)
    row = Relationship.objects.select_for_update().get(pk=relationship.pk)
    if row.set_aside_at:
        audit.unchanged()
        return row
    row.set_aside_by, row.set_aside_at = by, at
    row.save(update_fields=["set_aside_by", "set_aside_at"])
    _changed(version or _begin(row.client, by=by, at=at))
    audit.record("set relationship aside", by=by, at=at, subject=row, client=row.client_id)
    return row


@action
def bring_back(*, by: User, at: dt.datetime, relationship: Relationship) -> Relationship:
    """Put somebody who was set aside on the circle again, where they stood."""
    version = _hold(relationship.client, at=at)
    row = Relationship.objects.select_for_update().get(pk=relationship.pk)
    if not row.set_aside_at:
        audit.unchanged()
        return row
    _check_alias(row.client, row.alias, but=row)
    row.set_aside_by, row.set_aside_at = None, None
    row.save(update_fields=["set_aside_by", "set_aside_at"])
    _changed(version or _begin(row.client, by=by, at=at), ties_asked=False)
    audit.record("bring relationship back", by=by, at=at, subject=row, client=row.client_id)
    return row


@action
def tie(*, by: User, at: dt.datetime, one: Relationship, other: Relationship, kind: str) -> Tie:
    """Write down how two people of the circle stand to each other. The same tie told twice is one."""
    version = _hold(one.client, at=at)
    if one.pk == other.pk or one.client_id != other.client_id:
        raise DomainError(_("Choose two people of this circle."), field="other")
    if here(one.client).filter(pk__in=[one.pk, other.pk]).count() < 2:
        raise DomainError(_("Choose two people who are on the circle now."), field="other")
    if kind not in Tie.Kind.values:
        raise DomainError(_("Choose how they stand to each other from the list."), field="kind")
    first, second = sorted((one, other), key=lambda row: row.pk)
    row, made = Tie.objects.get_or_create(
        one=first,
        other=second,
        kind=kind,
        defaults={"client_id": one.client_id, "made_by": by, "made_at": at},
    )
    if not made:
        audit.unchanged()
        return row
    _changed(version or _begin(one.client, by=by, at=at))
    audit.record("tie relationships", by=by, at=at, subject=row, client=one.client_id, detail={"kind": kind})
    return row


@action
def untie(*, by: User, at: dt.datetime, tie: Tie) -> None:
    """Take a tie off the circle that is being drawn. Signed versions keep it."""
    version = _hold(tie.client, at=at)
    standing = Tie.objects.filter(pk=tie.pk).first()
    if standing is None:
        audit.unchanged()
        return
    audit.record(
        "untie relationships", by=by, at=at, subject=tie, client=tie.client_id, detail={"kind": tie.kind}
    )
    standing.delete()
    _changed(version or _begin(tie.client, by=by, at=at))


@action
def set_ties_asked(*, by: User, at: dt.datetime, client: Client, asked: bool) -> CircleVersion:
    """Say whether every pair was asked about. Only then is a tie that is not there known not to be there."""
    version = _hold(client, at=at)
    if version and version.ties_asked == asked:
        audit.unchanged()
        return version
    version = version or _begin(client, by=by, at=at)
    _changed(version, ties_asked=asked)
    audit.record("set ties asked", by=by, at=at, subject=version, client=client, detail={"asked": asked})
    return version


@action
def set_focus(*, by: User, at: dt.datetime, client: Client, relationships: Iterable[Relationship]) -> None:
    """Mark on whom the course works. The room that agrees on the focus reports it here; the circle draws a ring."""
    wanted = {row.pk for row in relationships}
    rows = Relationship.objects.filter(client=client)
    standing = set(rows.filter(in_focus=True).values_list("pk", flat=True))
    if wanted == standing:
        audit.unchanged()
        return
    rows.filter(pk__in=standing - wanted).update(in_focus=False)
    rows.filter(pk__in=wanted - standing).update(in_focus=True)
    audit.record(
        "mark focus on circle", by=by, at=at, subject=client, client=client, detail={"people": len(wanted)}
    )


@action
def sign_off_version(
    *,
    by: User,
    at: dt.datetime,
    version: CircleVersion,
    revision: int,
    author: str,
    treatment_asked: bool | None,
    note: str = "",
) -> CircleVersion:
    """Freeze the circle as it stands and report it to the course. The row must still be at `revision`."""
    client = version.client
    _hold(client, at=at)
    version = CircleVersion.objects.select_for_update().get(pk=version.pk)
    if version.state == State.SIGNED:
        audit.unchanged()
        return version
    if version.revision != revision:
        raise Conflict(_("The circle was changed since you read it. Look at it again, then sign it off."))
    if author not in CircleVersion.Author.values:
        raise DomainError(_("Say who drew this circle."), field="author")
    if treatment_asked is None:
        raise DomainError(_("Ask about people from treatment or mutual help first."), field="treatment_asked")
    circle = open_circle(client, version)
    if not circle.people:
        raise DomainError(_("Nobody is on the circle yet. Add the first person."))
    episode = current_episode(client)
    version.episode, version.slot = episode, latest_slot(episode)
    version.author, version.treatment_asked = author, treatment_asked
    version.note = _words(note, field="note", most=1000)
    version.snapshot = circle.frozen()
    version.state, version.signed_by, version.signed_at = State.SIGNED, by, at
    version.save()
    audit.record(
        "sign off circle", by=by, at=at, subject=version, client=client,
        detail={"version": version.number, "people": len(circle.people)},
    )  # fmt: skip
    if episode:
        facts = {
            "inventory_signed": {
                "version": version.number, "people": len(circle.people), "treatment_asked": treatment_asked,
            },
            "use_map": _use_map(circle),
        }  # fmt: skip
        for kind, value in facts.items():
            record_fact(
                by=by, at=at, episode=episode, kind=kind, source="circle", source_id=version.pk, value=value
            )
    return version


@action
def release_version(*, by: User, at: dt.datetime, version: CircleVersion) -> CircleVersion:
    """Show a signed version to the client."""
    version = CircleVersion.objects.select_for_update().get(pk=version.pk)
    if version.state != State.SIGNED:
        raise DomainError(_("Sign this circle off first, then show it to the client."))
    if version.released_at:
        audit.unchanged()
        return version
    version.released_by, version.released_at = by, at
    version.save(update_fields=["released_by", "released_at"])
    _audit_version("release circle", version, by=by, at=at)
    return version


@action
def take_back_version(*, by: User, at: dt.datetime, version: CircleVersion) -> CircleVersion:
    """No longer show a version to the client. It stays in the chart."""
    version = CircleVersion.objects.select_for_update().get(pk=version.pk)
    if version.released_at is None:
        audit.unchanged()
        return version
    version.released_by, version.released_at = None, None
    version.save(update_fields=["released_by", "released_at"])
    _audit_version("take circle back", version, by=by, at=at)
    return version


def _hold(client: Client, *, at: dt.datetime) -> CircleVersion | None:
    """Ask gate G01, hold the client's row so that two who write queue up, and give the open version if there is one."""
    Client.objects.select_for_update().only("pk").get(pk=client.pk)
    gate = clinical_content(client, at=at)
    if not gate.allowed:
        raise DomainError(gate.reason)
    return CircleVersion.objects.filter(client=client, state=State.DRAFT).first()


def _begin(client: Client, *, by: User, at: dt.datetime) -> CircleVersion:
    before = CircleVersion.objects.filter(client=client).order_by("-number").first()
    version = CircleVersion.objects.create(
        client=client,
        episode=current_episode(client),
        number=(before.number if before else 0) + 1,
        ties_asked=bool(before and before.ties_asked),
        begun_by=by,
        begun_at=at,
    )
    _audit_version("begin circle", version, by=by, at=at)
    return version


def _changed(version: CircleVersion, *, ties_asked: bool | None = None) -> None:
    """The open version is no longer what somebody may have read."""
    more = {} if ties_asked is None else {"ties_asked": ties_asked}
    CircleVersion.objects.filter(pk=version.pk).update(revision=F("revision") + 1, **more)
    version.refresh_from_db(fields=["revision", "ties_asked"])


def _put(row: Relationship, ring: int, angle: int | None, depth: int | None = None) -> None:
    if ring not in range(1, 5):
        raise DomainError(_("Choose a ring from 1 to 3, or outside."), field="ring")
    if angle is None:
        others = (
            here(row.client).exclude(pk=row.pk).values_list("angle", flat=True)
        )  # of every ring: lines cross less
        angle = row.angle if row.angle is not None else free_angle(one for one in others if one is not None)
    if depth is not None and depth not in range(101):
        raise DomainError(_("Put the mark into a ring, or outside."), field="depth")
    row.ring, row.angle, row.depth = ring, angle % 360, depth
    row.save(update_fields=["ring", "angle", "depth"])


def _already_named(known: Relationship, client: Client) -> Relationship:
    if known.client_id != client.pk:
        raise DomainError(_("This page was used before. Open it again, then fill it in once more."))
    audit.unchanged()
    return known


def _check_alias(client: Client, alias: str, *, but: Relationship | None = None) -> None:
    taken = here(client).filter(alias__iexact=alias)
    if but:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        raise DomainError(
            _("“%(alias)s” is on the circle already. Add a letter to tell the two apart.") % {"alias": alias},
            field="alias",
        )


def _checked(name: str, value: Any) -> Any:
    """A detail as the table holds it; refused where it is not one of the answers."""
    if name not in DETAILS:
        raise TypeError(f"Not a detail of a relationship: {name}")
    column = Relationship._meta.get_field(name)
    if isinstance(column, models.TextField | models.CharField) and not column.choices:
        return _words(value or "", field=name, most=column.max_length or 0, required=name == "alias")
    if isinstance(column, models.CharField):
        if value and value not in dict(column.flatchoices):
            raise DomainError(_("Choose one of the answers."), field=name)
        return value or ""
    if isinstance(column, models.BooleanField):
        return value if column.null else bool(value)
    least, most = SCALES[name]
    if value is not None and not least <= value <= most:
        raise DomainError(
            _("Choose a number from %(least)s to %(most)s.") % {"least": least, "most": most}, field=name
        )
    return value


def _words(value: str, *, field: str, most: int, required: bool = False) -> str:
    value = value.strip()
    if required and not value:
        raise DomainError(_("Write initials or a nickname."), field=field)
    if len(value) > most:
        raise DomainError(
            _("This holds at most %(most)s characters. Shorten it.") % {"most": most}, field=field
        )
    try:
        no_control_characters(value)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error
    return value


def _use_map(circle: Circle) -> dict[str, int]:
    """Who uses, who supplies, who is unsafe: counts, with for how many people use is known at all."""
    people = circle.counted()
    return {
        "using": sum(one.use == "uses" for one in people),
        "supplying": sum(bool(one.supplies) for one in people),
        "unsafe": sum(bool(one.is_risk) for one in people),
        "known": sum(one.use is not None for one in people),
    }


def _audit_version(verb: str, version: CircleVersion, *, by: User, at: dt.datetime) -> None:
    detail = {"version": version.number}
    audit.record(verb, by=by, at=at, subject=version, client=version.client_id, detail=detail)
