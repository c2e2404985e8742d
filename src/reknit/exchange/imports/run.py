"""One import from the command line: read, plan, tell, and carry out unless it is a dry run."""

import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _
from tqdm import tqdm

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.people.queries import site

from .actions import carry_out
from .mapping import Mapping, read_mapping
from .plan import Plan, check_not_empty, make_plan
from .reading import read_rows


def run(
    *, mapping_path: Path, file_path: Path, dry_run: bool, clinician_email: str | None, out: TextIO
) -> int:
    """Bring a file in. Tells on `out` what was or would be made, and each rejected row with its reason."""
    here = site()
    if here is None:
        raise DomainError(_("This clinic is not set up yet. Start it once with ./reknit serve."))
    clinician = find_clinician(clinician_email)
    mapping = read_mapping(mapping_path)
    rows = read_rows(file_path, mapping.format, columns_of(mapping))
    at = now()
    plan = make_plan(mapping, rows, today=local_date(at, here.time_zone))
    check_not_empty(plan)
    tell(plan, out, done=not dry_run)
    if dry_run or not plan.makes_something():
        return 0
    total = len(plan.new_clients) + len(plan.sheets) + len(plan.days)
    with tqdm(total=total, file=sys.stderr, unit="", desc=_("Importing"), leave=False) as bar:
        carry_out(
            by=clinician,
            at=at,
            mapping=mapping,
            plan=plan,
            site=here,
            file_digest=hashlib.sha256(file_path.read_bytes()).hexdigest(),
            step=lambda n: None if bar.update(n) else None,
        )
    return 0


def find_clinician(email: str | None) -> User:
    """The clinician whose clients the imported people become."""
    if not email:
        raise DomainError(_("Say whose clients they become: add --clinician and their e-mail address."))
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None or not person.reads_charts:
        raise DomainError(_("No clinician signs in as %(email)s. Check the address.") % {"email": email})
    return person


def columns_of(mapping: Mapping) -> set[str]:
    """Every column the mapping speaks of."""
    if mapping.sheet:
        dated = {mapping.sheet.answered_on_column} if mapping.sheet.answered_on_column else set()
        return {mapping.client_column, *mapping.sheet.items.values()} | dated
    if mapping.day:
        return {mapping.client_column, mapping.day.date_column, mapping.day.amount_column}
    return {mapping.client_column}


def tell(plan: Plan, out: TextIO, *, done: bool) -> None:
    """The plan in words: counts first, then the reasons with how often, then each rejected row."""
    print(
        _("%(n)d rows read from the file of %(system)s.") % {"n": plan.rows, "system": plan.system}, file=out
    )
    verb = _("Made") if done else _("Would make")
    states = ", ".join(f"{n} {state}" for state, n in sorted(plan.states.items()))
    print(f"{verb}: {len(plan.new_clients)} clients, {len(plan.sheets)} sheets"
          f"{f' ({states})' if states else ''}, {len(plan.days)} calendar days.", file=out)  # fmt: skip
    print(
        _("Equal rows merged: %(n)d. Here already: %(m)d.") % {"n": plan.merged, "m": plan.already}, file=out
    )
    if plan.critical:
        print(_("People whose critical answer is above zero: %(n)d; one triage item stands for them all.")
              % {"n": plan.critical}, file=out)  # fmt: skip
    print(_("Rejected rows: %(n)d.") % {"n": len(plan.rejected)}, file=out)
    for reason, n in Counter(reason for _number, reason in plan.rejected).most_common():
        print(f"  {n} × {reason}", file=out)
    for number, reason in plan.rejected:
        print(_("row %(number)d: %(reason)s") % {"number": number, "reason": reason}, file=out)
