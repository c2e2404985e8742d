"""The agenda and the hour: what comes up, what is kept, who reads it, and that a signed hour stays."""

import datetime as dt
import uuid
from types import MappingProxyType
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import BEGIN, Cast, today
from tests.test_every_address import ADDRESSES, browser_of
from tests.world import world

from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.actions import grant_consent
from reknit.care.encounters.actions import record_contact
from reknit.care.encounters.models import Encounter
from reknit.care.groups.actions import approve_summary, decide_small_group, hold_meeting, save_summary
from reknit.care.groups.queries.owed import raised_by
from reknit.care.groups.tests.conftest import clock  # noqa: F401
from reknit.care.groups.tests.factories import a_group, after, held, session_of, written
from reknit.care.people.actions import (
    add_client,
    join_care_team,
    leave_care_team,
    open_supervisory_line,
    set_status,
)
from reknit.care.programme.actions import open_episode
from reknit.care.safety.actions import open_risk_item
from reknit.care.substance_use.actions import report_use_episode
from reknit.care.supervision import actions
from reknit.care.supervision.models import Decision, HourCase, SupervisionHour
from reknit.care.supervision.queries.agenda import agenda, seen_in, sentence
from reknit.care.supervision.queries.hours import minutes_of
from reknit.core.supervision.agenda import Raised

from .factories import WEEK, a_signed_hour, an_hour, sessions

pytestmark = pytest.mark.django_db
SAID = b"Heron"


def kinds(cast: Cast, on: dt.date) -> list[str]:
    ana = next(
        one
        for one in agenda(cast.ben, on=on, at=dt.datetime.combine(on, dt.time(10), dt.UTC)).people
        if one.person == cast.ana
    )
    return [kind for course in ana.courses for kind in course.kinds]


def test_agenda_is_built_from_the_record(cast: Cast, at: dt.datetime) -> None:
    assert kinds(cast, at.date()) == []
    sessions(cast, 3)
    open_risk_item(by=cast.ana, at=at, client=cast.cleo, reason="phq9_item9", source="test")
    assert kinds(cast, at.date()) == ["risk", "formulation", "contract"]


def test_agenda_of_others_stays_with_them(cast: Cast, at: dt.datetime) -> None:
    assert {one.person for one in agenda(cast.ben, on=at.date(), at=at).people} == {cast.ana, cast.tess}
    assert agenda(cast.dov, on=at.date(), at=at).people == ()


def test_course_stands_with_the_therapist_who_stays_on_the_day_of_a_change(
    cast: Cast, at: dt.datetime
) -> None:
    for old, new in ((cast.ana, cast.tess), (cast.tess, cast.ana)):  # in whatever order the rows are found
        member = cast.cleo.care_team.get(clinician=old, part="lead", ends_on=None)
        leave_care_team(by=cast.ina, at=at, member=member, ends_on=at.date())
        join_care_team(by=cast.ina, at=at, client=cast.cleo, clinician=new, starts_on=at.date())
        people = agenda(cast.ben, on=at.date(), at=at).people
        assert [one.person for one in people for course in one.quiet if course.client == cast.cleo] == [new]


def more_clients(cast: Cast, n: int) -> None:
    for number in range(n):
        client = add_client(
            by=cast.ina, at=BEGIN, programme=cast.programme, given_name=f"C{number}", family_name="More"
        )
        grant_consent(by=cast.ina, at=BEGIN, client=client, how="paper", given_at=BEGIN)
        join_care_team(by=cast.ina, at=BEGIN, client=client, clinician=cast.ana, starts_on=BEGIN.date())
        open_episode(by=cast.ana, at=BEGIN, client=client, protocol="IPT-16", starts_on=BEGIN.date())
        set_status(by=cast.ina, at=BEGIN, client=client, status="in_care")
        open_risk_item(by=cast.ana, at=BEGIN, client=client, reason="phq9_item9", source="test")


def test_agenda_asks_the_database_equally_often_for_many_clients(cast: Cast) -> None:
    browser = browser_of(cast.ben)
    url = reverse("supervision:agenda-show")
    browser.get(url)
    counts = []
    for n in (1, 6):
        more_clients(cast, n)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30


def test_agenda_says_what_a_group_raises(cast: Cast, at: dt.datetime) -> None:
    today = at.date()
    open_supervisory_line(
        by=cast.adi, at=at, supervisor=cast.ben, supervisee=cast.fay, starts_on=today, cosigns=False
    )
    run = a_group(cast, at, [("Sam", "Okoro"), ("Tom", "Hale"), ("Zoë", "Finch"), ("Lars", "Berg")])

    def raised(then: dt.datetime) -> tuple[Any, ...]:
        people = agenda(cast.ben, on=then.date(), at=then).people
        (group,) = next(one for one in people if one.person == cast.fay).groups
        return group.unsigned, group.contacts, group.meetings, group.is_small

    held(cast, run, 1, Sam="no_show")
    held(cast, run, 2, Sam="no_show", Tom="cancelled", Zoë="cancelled")
    second = session_of(run, 2).starts_at
    assert raised(second + dt.timedelta(hours=3)) == (0, 1, 0, True)
    # Sam missed both and is one person to be in touch with.
    assert raised(second + dt.timedelta(days=10)) == (1, 1, 1, True)
    decide_small_group(by=cast.fay, at=second, run=run, after_session=2, choice="go_on", why="Flu.")
    assert raised(second) == (0, 1, 0, False)
    shown = browser_of(cast.ben).get(reverse("supervision:agenda-show")).content.decode()
    assert "Monday evening" in shown
    assert all(one.person != cast.dov for one in agenda(cast.ben, on=today, at=at).people)


def test_agenda_names_who_missed_two_in_a_row_and_counts_summaries_that_wait(
    cast: Cast, at: dt.datetime
) -> None:
    open_supervisory_line(
        by=cast.adi, at=at, supervisor=cast.ben, supervisee=cast.fay, starts_on=at.date(), cosigns=False
    )
    run = a_group(cast, at)

    def raised(then: dt.datetime, reader: Any = cast.ben) -> Any:
        return raised_by([cast.fay.pk], reader=reader, at=then, today=then.date())[cast.fay.pk][0]

    held(cast, run, 1, Sam="no_show", Tom="no_show")
    held(cast, run, 2, Sam="late_cancel")
    then = after(session_of(run, 2))
    for one in Encounter.objects.filter(outcome__in=("no_show", "late_cancel")):
        record_contact(by=cast.fay, at=then, encounter=one, on=then.date(), how="phone", answer="reached")
    group = raised(then)
    assert (group.contacts, group.is_anything) == (0, True)
    assert [(member.client.given_name, n) for member, n in group.missed] == [("Sam", 2)]
    hidden = raised(then, cast.dara)  # reads no chart
    assert (hidden.missed, hidden.missed_unnamed) == ((), 1)
    for number in (1, 2):
        summary = save_summary(
            by=cast.fay, at=then, session=session_of(run, number), revision=0, text="Help."
        )
    approve_summary(by=cast.fay, at=then, summary=summary, revision=1)
    assert (raised(then).to_approve, raised(then).not_written) == (1, 1)  # the first session is a week old
    sam = run.members.get(client__given_name="Sam")
    meeting = hold_meeting(by=cast.fay, at=then, meeting=sam.meetings.get(kind="missed"))
    assert raised(then).missed
    assert meeting.encounter
    written(meeting.encounter, by=cast.fay, at=then)
    assert not raised(then).missed


def test_agenda_shows_the_names_only_to_whoever_reads_the_charts(
    cast: Cast,
    at: dt.datetime,
    clock: Any,  # noqa: F811
) -> None:
    open_supervisory_line(
        by=cast.adi, at=at, supervisor=cast.ben, supervisee=cast.fay, starts_on=at.date(), cosigns=False
    )
    run = a_group(cast, at)
    held(cast, run, 1, Sam="no_show")
    held(cast, run, 2, Sam="no_show")
    clock(after(session_of(run, 2)))
    shown = browser_of(cast.ben).get(reverse("supervision:agenda-show")).content.decode()
    assert "Missed two or more in a row:" in shown and "Sam Okoro</a> (2)." in shown
    assert "The group raises nothing." not in shown


def test_decision_names_its_client_to_whoever_may_read_the_chart(cast: Cast, at: dt.datetime) -> None:
    a_signed_hour(cast, at)
    url = reverse("supervision:agenda-show")
    link = f'<a href="{reverse("home:client-course", args=[cast.cleo.pk])}">Cleo Case</a>'
    assert link in browser_of(cast.ben).get(url).content.decode()
    assert seen_in(list(Decision.objects.all()), cast.dov, on=at.date()) == frozenset()


def test_decisions_come_back_until_they_are_done(cast: Cast, at: dt.datetime) -> None:
    a_signed_hour(cast, at)
    [decision] = Decision.objects.all()
    later = at + WEEK
    [ana, _tess] = agenda(cast.ben, on=later.date(), at=later).people
    assert ana.decisions == (decision,)
    with pytest.raises(DomainError):
        actions.finish_decision(by=cast.dov, at=later, decision=decision)
    actions.finish_decision(by=cast.ana, at=later, decision=decision, words="Rang her.")
    assert agenda(cast.ben, on=later.date(), at=later).people[0].decisions == ()


def test_what_had_been_raised_is_kept_with_the_case(cast: Cast, at: dt.datetime) -> None:
    sessions(cast, 3)
    a_signed_hour(cast, at)
    assert HourCase.objects.get().raised == ["formulation", "contract"]


def test_a_group_hour_counts_in_every_file_and_a_draft_in_none(cast: Cast, at: dt.datetime) -> None:
    hour = an_hour(cast, at, cast.ana, cast.tess)
    assert minutes_of(cast.ana).received == 0
    actions.save_hour(
        by=cast.ben, at=at, hour=hour, revision=0, on=hour.on, minutes=90, own_notes="Both were there."
    )
    actions.sign_hour(by=cast.ben, at=at, hour=hour)
    assert [minutes_of(one).received for one in (cast.ana, cast.tess)] == [90, 90]
    assert (minutes_of(cast.ana).received_group, minutes_of(cast.ben).given) == (90, 90)


def test_a_signed_hour_never_changes(cast: Cast, at: dt.datetime) -> None:
    hour = a_signed_hour(cast, at)
    with pytest.raises(DomainError, match="no longer changes"):
        actions.save_hour(by=cast.ben, at=at, hour=hour, revision=1, on=hour.on, minutes=5)
    for change in (
        lambda: SupervisionHour.objects.update(minutes=5),
        lambda: HourCase.objects.update(discussed="Other."),
        lambda: HourCase.objects.all().delete(),
        lambda: Decision.objects.update(words="Other."),
        lambda: hour.members.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "more",
    [{"minutes": 0}, {"minutes": 900}, {"on": dt.date(2027, 1, 1)}, {"supervisees": []}],
    ids=["none", "long", "future", "nobody"],
)
def test_an_hour_that_cannot_be_is_turned_away(cast: Cast, at: dt.datetime, more: dict[str, Any]) -> None:
    said: dict[str, Any] = {"supervisees": [cast.ana], "on": at.date(), "minutes": 60, **more}
    with pytest.raises(DomainError):
        actions.begin_hour(by=cast.ben, at=at, key=uuid.uuid4(), **said)
    assert not SupervisionHour.objects.exists()


def test_a_double_send_is_one_hour_and_an_old_window_overwrites_nothing(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    for _again in range(2):
        hour = actions.begin_hour(by=cast.ben, at=at, key=key, supervisees=[cast.ana], on=at.date())
    actions.save_hour(by=cast.ben, at=at, hour=hour, revision=0, on=hour.on, minutes=50)
    with pytest.raises(Conflict):
        actions.save_hour(by=cast.ben, at=at, hour=hour, revision=0, on=hour.on, minutes=40)
    assert SupervisionHour.objects.get().minutes == 50


def test_nobody_holds_an_hour_with_somebody_elses_supervisee_or_client(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError):
        an_hour(cast, at, cast.dov)
    with pytest.raises(DomainError):
        actions.save_case(
            by=cast.ben, at=at, hour=an_hour(cast, at), episode=cast.eli_episode, revision=0, discussed="x"
        )


def test_each_reads_their_own_part_of_a_signed_hour(cast: Cast, at: dt.datetime) -> None:
    hour = a_signed_hour(cast, at)
    url = reverse("supervision:hour-show", args=[hour.pk])
    ben, ana = browser_of(cast.ben).get(url), browser_of(cast.ana).get(url)
    assert b"Heron note." in ben.content and b"Heron talk." in ben.content
    assert b"Heron talk." in ana.content and b"Heron note." not in ana.content
    for other in (cast.tess, cast.dov, cast.dara, cast.cleo_user, cast.adi):
        assert browser_of(other).get(url).status_code == 403


def test_a_colleague_in_the_group_reads_nothing_of_anothers_client(cast: Cast, at: dt.datetime) -> None:
    hour = an_hour(cast, at, cast.ana, cast.tess)
    actions.save_case(
        by=cast.ben, at=at, hour=hour, episode=cast.cleo_episode, revision=0, discussed="Heron talk."
    )
    actions.sign_hour(by=cast.ben, at=at, hour=hour)
    page = browser_of(cast.tess).get(reverse("supervision:hour-show", args=[hour.pk])).content
    assert SAID not in page and b"Cleo" not in page


def test_nothing_of_supervision_shows_outside_its_own_pages(cast: Cast, at: dt.datetime) -> None:
    """Every page of the product, chart and letters and exports too, for every role that opens it."""
    things = world(cast, at)
    a_signed_hour(cast, at)
    looked = 0
    for name, address in ADDRESSES.items():
        if address.method != "get" or name.startswith("supervision:"):
            continue
        url = reverse(name, args=[things[arg] for arg in address.args])
        for who in sorted(address.who & {"ana", "ben", "dara", "adi", "cleo_user"}):
            looked += 1
            assert SAID not in browser_of(cast.users()[who]).get(url).content, (name, who)
    assert looked > 100


def test_hours_as_a_table_name_no_client_and_run_no_formula(cast: Cast, at: dt.datetime) -> None:
    cast.ben.name = "=cmd()"
    cast.ben.save(update_fields=["name"])
    a_signed_hour(cast, at)
    url = reverse("supervision:person-hours-file", args=[cast.ana.pk])
    table = browser_of(cast.ana).get(url).content.decode()
    assert table.splitlines()[1] == f"{at.date()},60,received,individual,1,'=cmd(),{at.date()}"
    assert "Cleo" not in table and "Heron" not in table


def send(browser: Browser, name: str, args: list[Any], **said: Any) -> Any:
    return browser.post(reverse(f"supervision:{name}", args=args), said)


def test_a_course_that_raises_nothing_can_be_talked_about(cast: Cast) -> None:
    ben, key = browser_of(cast.ben), uuid.uuid4()
    send(ben, "hour-begin", [], key=key, supervisees=[cast.ana.pk], on="2026-03-20", minutes=60)
    hour = reverse("supervision:hour-show", args=[key])
    case = reverse("supervision:hour-case", args=[key, cast.cleo_episode.pk])
    page = ben.get(hour).content.decode()
    assert "1 course that raises nothing" in page and f'href="{case}"' in page and "Talk about" in page
    send(ben, "hour-case", [key, cast.cleo_episode.pk], revision=0, discussed="The row.", advice="")
    page = ben.get(hour).content.decode()
    assert "talked about" in page and "Talk about" not in page


def test_an_hour_is_held_from_agenda_to_signature_on_its_pages(cast: Cast) -> None:
    sessions(cast, 3)
    ben, key = browser_of(cast.ben), uuid.uuid4()
    begun = send(ben, "hour-begin", [], key=key, supervisees=[cast.ana.pk], on="2026-03-20", minutes=60)
    assert begun.status_code == 302
    assert b"No formulation was shared by session 3." in ben.get(begun["Location"]).content
    case = [key, cast.cleo_episode.pk]
    assert send(ben, "hour-case", case, revision=0, discussed="", advice="").status_code == 422
    assert send(ben, "hour-case", case, revision=0, discussed="The row.", advice="Ask.").status_code == 302
    decided = send(
        ben, "decision-add", [key], key=uuid.uuid4(), words="Share it.", about=str(cast.ana.pk),
        owner=str(cast.ana.pk), due_on=today().isoformat(),
    )  # fmt: skip
    assert decided.status_code == 302
    send(ben, "hour-sign", [key])
    assert SupervisionHour.objects.get().state == "signed"
    mine = browser_of(cast.ana).get(reverse("supervision:mine")).content
    assert b"Share it." in mine and b"60 minutes received" in mine


def test_second_return_in_30_days_stands_on_the_agenda_until_an_hour_talked_about_it(
    cast: Cast, at: dt.datetime
) -> None:
    def kinds(on: dt.date) -> list[str]:
        people = agenda(cast.ben, on=on, at=at).people
        return [kind for one in people for course in one.courses for kind in course.kinds]

    for days in (10, 0):
        report_use_episode(
            by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), reported_by="therapist",
            starts_on=at.date() - dt.timedelta(days=days),
        )  # fmt: skip
        assert ("returns" in kinds(at.date())) == (days == 0)
    assert "2 returns to use in 30 days" in sentence(Raised("returns", MappingProxyType({"n": 2})))
    a_signed_hour(cast, at + dt.timedelta(days=1))
    assert "returns" not in kinds(at.date() + dt.timedelta(days=1))
