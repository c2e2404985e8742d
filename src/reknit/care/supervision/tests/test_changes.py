"""What a review asks of a protocol reaches its writers, names no client, and gets an answer."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.test_every_address import browser_of

from reknit.base.errors import DomainError, Refused
from reknit.care.programme.actions.protocols import copy_protocol
from reknit.care.supervision import actions
from reknit.care.supervision.models import EventReview, ProtocolRequest

pytestmark = pytest.mark.django_db
WORDS = "Ask about the nights before a long weekend."


def a_review(cast: Cast, at: dt.datetime, change: str = WORDS) -> EventReview:
    review = actions.open_review(
        by=cast.ben, at=at, key=uuid.uuid4(), episode=cast.cleo_episode, what="overdose", on=at.date()
    )
    said = {"learned": "Ask on Fridays.", "protocol_change": change}
    return actions.save_review(by=cast.ben, at=at, review=review, revision=0, words=said)


def test_closed_review_asks_and_one_without_a_word_does_not(cast: Cast, at: dt.datetime) -> None:
    actions.close_review(by=cast.ben, at=at, review=a_review(cast, at))
    actions.close_review(by=cast.ben, at=at, review=a_review(cast, at, change=""))
    request = ProtocolRequest.objects.get()
    assert (request.words, request.protocol) == (WORDS, "ipt-16")
    shown = browser_of(cast.dara).get(reverse("supervision:change-list")).content.decode()
    assert WORDS in shown and "Cleo" not in shown and "overdose" not in shown.lower()


def test_review_that_names_the_client_stays_open(cast: Cast, at: dt.datetime) -> None:
    review = a_review(cast, at, change="Ask cleo on Fridays.")
    with pytest.raises(DomainError, match="names “cleo”"):
        actions.close_review(by=cast.ben, at=at, review=review)
    review.refresh_from_db()
    assert review.state == "open" and not ProtocolRequest.objects.exists()


def test_director_answers_with_a_version_or_a_reason(cast: Cast, at: dt.datetime) -> None:
    review = actions.close_review(by=cast.ben, at=at, review=a_review(cast, at))
    request = review.protocol_request
    with pytest.raises(Refused):
        actions.answer_protocol_request(by=cast.ben, at=at, request=request, version=None, answer="No.")
    with pytest.raises(DomainError, match="why none does"):
        actions.answer_protocol_request(by=cast.dara, at=at, request=request, version=None)
    draft = copy_protocol(
        by=cast.dara, at=at, code="ipt-16", version="1", name="river", title="IPT by the river"
    )
    dara, url = browser_of(cast.dara), reverse("supervision:change-answer", args=[request.pk])
    assert dara.post(url, {"version": "", "answer": ""}).status_code == 422
    assert dara.post(url, {"version": str(draft.pk), "answer": "In the middle phase."}).status_code == 302
    shown = browser_of(cast.ben).get(reverse("supervision:review-show", args=[review.pk])).content.decode()
    assert "IPT by the river" in shown and "In the middle phase." in shown
    assert reverse("programme:protocol-show", args=[draft.code, draft.version]) in shown
