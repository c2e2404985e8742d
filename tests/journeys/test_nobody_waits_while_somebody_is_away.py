"""Ana falls ill with an open alarm. It goes on to Dov, who reads what is handed over, makes his own view of it and answers it.
Cleo reads who looks after her. Ana comes back, takes the work back and reads what happened.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from reknit.base.clock import now
from reknit.care.safety.actions import open_risk_item
from reknit.care.safety.models import RiskFormulation, RiskItem
from tests.cast import Cast, today

from .people import PHONE, Person

ALARM = "Answered above zero on PHQ-9 item 9"


def test_nobody_waits_while_somebody_is_away(
    person: Callable[..., Person], clinic: Cast, at_rest: AbstractContextManager[Any]
) -> None:
    with at_rest:
        item = open_risk_item(by=None, at=now(), client=clinic.cleo, reason="phq9_item9", source="story")
    with person() as ben:
        ben.signs_in("ben@clinic.example")
        ben.opens("/leave/")
        ben.chooses("Who is away?", "Ana Test")
        ben.writes("First day away", today().isoformat())
        ben.writes("Last day away", today().isoformat())
        ben.chooses("Who covers?", "Dov Test")
        ben.presses("Write it down")
        ben.sees("Ana Test is away", "1 client is not read about yet.", ALARM)
        ben.opens("/risk/?show=escalated")
        ben.sees("because the person before is away")
    with person() as dov:
        dov.signs_in("dov@clinic.example")
        dov.opens("/leave/")
        dov.follows("Ana Test")
        dov.presses("I have read this")
        dov.sees("Everything is read.")
        dov.opens(f"/clients/{clinic.cleo.pk}/risk/suicide/")
        dov.sees(ALARM, "None yet.")
        dov.picks("Level, as you judge it", "Moderate")
        dov.writes("Reasons for it", "Two bad evenings; no plan; her sister is near.")
        dov.writes("What is done now, and by whom", "Plan gone through; Dov rings on Thursday.")
        dov.writes("Look again on", today().isoformat())
        dov.presses("Save the view")
        dov.sees("Two bad evenings; no plan; her sister is near.", "What answers said")
        dov.opens(f"/risk/{item.pk}/")
        dov.picks("What was done?", "Spoken with the client; plan agreed")
        dov.presses("Close the item")
        dov.sees("The clinic’s rule", "because the person before is away")
    with person(width=PHONE) as cleo:
        cleo.signs_in("cleo@clinic.example")
        cleo.sees("looks after you.")
        cleo.does_not_see("Moderate")
    with person(width=PHONE) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens("/leave/")
        ana.follows("Ana Test")
        ana.presses("Hand the work back today")
        ana.sees("What happened meanwhile", "Spoken with the client; plan agreed")
        ana.opens("/risk/")
        ana.sees("Contact after a danger of suicide that was moderate or high")
    with at_rest:
        item = RiskItem.objects.get(pk=item.pk)
        assert (item.status, item.first_owner, item.closed_by) == ("closed", clinic.ana, clinic.dov)
        assert RiskFormulation.objects.get().by == clinic.dov
