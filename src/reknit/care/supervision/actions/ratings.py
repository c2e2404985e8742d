"""Drawing sessions to rate, and rating them. No recording is stored: only where it is kept."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _

from reknit.base.accounts.models import Role, User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.races import hold
from reknit.care.people.queries import zone
from reknit.care.supervision.access import part_of, supervises
from reknit.care.supervision.models import Rating, SampleDraw, SampledSession
from reknit.care.supervision.queries.sampling import pool_of
from reknit.core.errors import BadInput
from reknit.core.supervision.fidelity import check_scores, form, quality
from reknit.core.supervision.sampling import Candidate, Stage, draw, replacement, to_rate_twice

from .common import WORDS, clean

MOST_COMMENTS = 40


@action
def draw_sessions(*, by: User, at: dt.datetime, supervisee: User, seed: int) -> SampleDraw:
    """Draw one session of each phase from all that were held in the window. Nobody chooses which."""
    supervisee = hold(supervisee)  # two at once would draw the same session
    if not supervises(by, supervisee, on=local_date(at, zone())):
        raise Refused(_("Only this person's supervisor draws sessions to rate."))
    pool = pool_of(supervisee, at=at)
    drawn = draw(pool, seed=seed)
    if not drawn:
        raise DomainError(_("There is no session to draw: none was held lately that was not drawn before."))
    earlier = SampledSession.objects.filter(therapist=supervisee, left_out="")
    twice = to_rate_twice(
        drawn, seed=seed, before=earlier.count(), twice_before=earlier.filter(rated_twice=True).count()
    )
    made = SampleDraw.objects.create(
        supervisee=supervisee,
        seed=seed,
        pool=sorted([one.key, one.stage] for one in pool),
        by=by,
        at=at,
    )
    for one in drawn:
        _sampled(made, one, rated_twice=one.key in twice, at=at)
    detail = {"seed": seed, "pool": len(pool), "drawn": len(drawn)}
    audit.record("draw sessions to rate", by=by, at=at, subject=made, detail=detail)
    return made


@action
def leave_out_session(
    *, by: User, at: dt.datetime, sampled: SampledSession, why: str
) -> SampledSession | None:
    """A session that cannot be rated gives its place to another of the same phase; nothing comes when none is left."""
    sampled = _mine_to_run(sampled, by, at)
    if why not in SampledSession.Why.values:
        raise DomainError(_("Choose a reason from the list."), field="why")
    if sampled.ratings.exists():
        raise DomainError(_("Somebody has begun to rate this session, so it stays."))
    sampled.left_out, sampled.left_out_by, sampled.left_out_at = why, by, at
    sampled.save(update_fields=["left_out", "left_out_by", "left_out_at"])
    turn = sampled.draw.sessions.exclude(left_out="").count()
    pool = pool_of(sampled.therapist, at=at)
    found = replacement(pool, stage=cast(Stage, sampled.stage), seed=sampled.draw.seed, turn=turn)
    other = (
        _sampled(sampled.draw, found, rated_twice=sampled.rated_twice, at=at, replaces=sampled)
        if found
        else None
    )
    detail = {"why": why, "replaced": other is not None}
    audit.record("leave out sampled session", by=by, at=at, subject=sampled, detail=detail)
    return other


@action
def keep_where(*, by: User, at: dt.datetime, sampled: SampledSession, where: str) -> SampledSession:
    """Say where the recording is kept. It is never stored here."""
    sampled = hold(sampled)
    if not part_of(by, sampled, on=local_date(at, zone())):
        raise Refused(_("Only those who rate this session see it."))
    sampled.kept_where = clean(where, field="where", most=200)
    sampled.save(update_fields=["kept_where"])
    audit.record("say where recording is kept", by=by, at=at, subject=sampled)
    return sampled


@action
def name_second_rater(*, by: User, at: dt.datetime, sampled: SampledSession, rater: User) -> SampledSession:
    """Ask another supervisor to rate a session that is rated twice."""
    sampled = _mine_to_run(sampled, by, at)
    if not sampled.rated_twice:
        raise DomainError(_("This session is rated once. A fifth of those drawn are rated twice."))
    if not (rater.is_active and rater.has(Role.SUPERVISOR)) or rater.pk in (by.pk, sampled.therapist_id):
        raise DomainError(_("Choose another supervisor."), field="rater")
    if sampled.ratings.filter(part=Rating.Part.SECOND).exists():
        raise DomainError(_("The second rater has begun already."))
    sampled.second_rater = rater
    sampled.save(update_fields=["second_rater"])
    audit.record("name second rater", by=by, at=at, subject=sampled, detail={"rater": str(rater.pk)})
    return sampled


@action
def save_rating(
    *,
    by: User,
    at: dt.datetime,
    sampled: SampledSession,
    revision: int,
    scores: dict[str, int],
    comments: list[tuple[int, str]],
    words: str = "",
) -> Rating:
    """Keep one's own rating as it stands. Items left out were not rated."""
    rating = _own(sampled, by, at)
    if rating.revision != revision:
        raise Conflict(_("This was changed in another window since you read it. Read it again first."))
    try:
        check_scores(scores)
    except BadInput as problem:
        raise DomainError(str(problem)) from problem
    if len(comments) > MOST_COMMENTS:
        raise DomainError(_("Keep at most %(n)d comments.") % {"n": MOST_COMMENTS})
    rating.scores, rating.words = dict(scores), clean(words, field="words")
    rating.comments = sorted([at_, clean(said, field="comments", most=WORDS)] for at_, said in comments)
    rating.revision += 1
    rating.save()
    audit.record("save rating", by=by, at=at, subject=rating, detail={"n": len(scores)})
    return rating


@action
def hand_in_rating(*, by: User, at: dt.datetime, sampled: SampledSession, revision: int) -> Rating:
    """Hand one's rating in. It never changes again, and is shown once every rating asked for is in."""
    rating = _own(sampled, by, at)
    if rating.revision != revision or not revision:
        raise Conflict(_("This was changed in another window since you read it. Read it again first."))
    found = quality(rating.scores)
    if found.mean is None:
        raise DomainError(
            _("Rate at least %(n)d of the %(of)d items before you hand it in.")
            % {"n": form().enough, "of": found.of}
        )
    rating.handed_in_at, rating.n = at, found.n
    rating.mean = Decimal(f"{found.mean:.2f}")
    rating.save(update_fields=["handed_in_at", "n", "mean"])
    audit.record("hand in rating", by=by, at=at, subject=rating, detail={"part": rating.part})
    return rating


def _sampled(
    made: SampleDraw,
    one: Candidate,
    *,
    rated_twice: bool,
    at: dt.datetime,
    replaces: SampledSession | None = None,
) -> SampledSession:
    return SampledSession.objects.create(
        draw=made,
        encounter_id=uuid.UUID(one.key),
        therapist=made.supervisee,
        stage=one.stage,
        rated_twice=rated_twice,
        drawn_at=at,
        replaces=replaces,
    )


def _mine_to_run(sampled: SampledSession, by: User, at: dt.datetime) -> SampledSession:
    """A session of somebody this person supervises, held, that is still to be rated."""
    hold(sampled.therapist)
    sampled = hold(sampled)
    if not supervises(by, sampled.therapist, on=local_date(at, zone())):
        raise Refused(_("Only this person's supervisor can do this."))
    if sampled.left_out:
        raise DomainError(_("Another session has taken this one's place."))
    return sampled


def _own(sampled: SampledSession, by: User, at: dt.datetime) -> Rating:
    """This person's own rating of a session, begun if it was not, and not handed in yet."""
    sampled = hold(sampled)
    part = part_of(by, sampled, on=local_date(at, zone()))
    if not part:
        raise Refused(_("Only those who rate this session see it."))
    if sampled.left_out:
        raise DomainError(_("Another session has taken this one's place."))
    rating = sampled.ratings.filter(part=part).first()
    if rating is None:
        rating = Rating(sampled=sampled, part=part, rater=by, form_version=form().version, begun_at=at)
    if rating.rater_id != by.pk:
        raise Refused(_("Another supervisor has rated this session already."))
    if rating.handed_in_at:
        raise DomainError(_("This rating was handed in and no longer changes."))
    return rating
