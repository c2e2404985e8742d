"""One safe way of contact stands; the ones before are kept; what cannot be a number or address is refused."""

import datetime as dt

import pytest
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import DomainError
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.models import SafeContact
from reknit.care.contact.queries import current_safe_contact


def test_safe_contact_leaves_nothing_behind_unless_allowed(cast: Cast, at: dt.datetime) -> None:
    contact = set_safe_contact(by=cast.ina, at=at, client=cast.cleo, channel="phone", value=" 01 23 45 67 ")
    assert contact.value == "01 23 45 67"
    assert not contact.may_leave_message and not contact.may_name_clinic


def test_safe_contact_set_again_supersedes_and_keeps_the_one_before(cast: Cast, at: dt.datetime) -> None:
    set_safe_contact(by=cast.ina, at=at, client=cast.cleo, channel="phone", value="01 23 45 67")
    later = at + dt.timedelta(days=1)
    set_safe_contact(by=cast.ina, at=later, client=cast.cleo, channel="none")
    now = current_safe_contact(cast.cleo)
    assert now and now.channel == "none"
    assert SafeContact.objects.get(client=cast.cleo, channel="phone").superseded_at == later


@pytest.mark.parametrize(
    ("channel", "value"),
    [("phone", ""), ("text", "call me"), ("email", "name at home"), ("post", "here"), ("phone", "1" * 60)],
)
def test_safe_contact_that_cannot_be_one_is_refused_and_changes_nothing(
    cast: Cast, at: dt.datetime, channel: str, value: str
) -> None:
    set_safe_contact(by=cast.ina, at=at, client=cast.cleo, channel="none")
    with pytest.raises(DomainError) as refused:
        set_safe_contact(by=cast.ina, at=at, client=cast.cleo, channel=channel, value=value)
    assert refused.value.field == "value"
    stands = current_safe_contact(cast.cleo)
    assert stands and stands.channel == "none"


def test_safe_contact_audit_keeps_the_channel_and_no_number(cast: Cast, at: dt.datetime) -> None:
    set_safe_contact(by=cast.ina, at=at, client=cast.cleo, channel="phone", value="01 23 45 67")
    assert AuditEvent.objects.get(verb="set safe contact").detail == {"channel": "phone"}
