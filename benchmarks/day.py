"""The pages of a day, of everybody who works in a clinic, on a clinic of ten thousand; beside bare Django in one run."""

import argparse
import os
import re
import statistics
import urllib.parse
from contextlib import ExitStack
from dataclasses import dataclass

from _client import Run, ask, drive, request
from web import merge, peer, reknit, say

ROUNDS = 5
BUSY = 60  # clients with a course, sessions, an appointment, an item of risk and a score
MOST = 0.3  # seconds at the slowest of twenty: what the product allows itself for a list
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Page:
    """One page of the day: what people call it, who opens it, and its address."""

    name: str
    who: str
    path: str
    words: str = ""  # what is typed into its search, which goes by POST


def pages_of(chart: str) -> list[Page]:
    """Every page that is opened daily, by the role that opens it."""
    return [
        Page("Today", "ana", "/today/"),
        Page("Today, everything", "ana", "/today/?show=all"),
        Page("Clients", "ana", "/clients/"),
        Page("Clients, by score", "ana", "/clients/?sort=score"),
        Page("Clients, by next session", "ana", "/clients/?sort=next"),
        Page("Clients, by open risk", "ana", "/clients/?sort=risk"),
        Page("Clients, a late page", "ana", "/clients/?page=300"),
        Page("Search, one person", "ana", "/search/", words="person 00042"),
        Page("Search, everybody", "ana", "/search/", words="person"),
        Page("Search, nobody", "ana", "/search/", words="zzz"),
        Page("Search by intake", "ina", "/search/", words="referral"),
        Page("Course", "ana", chart),
        Page("Prepare a session", "ana", f"{chart}sessions/start/"),
        Page("Sessions", "ana", f"{chart}sessions/"),
        Page("Golden thread", "ana", f"{chart}thread/"),
        Page("Outcomes", "ana", f"{chart}outcomes/"),
        Page("Measures", "ana", f"{chart}measures/"),
        Page("Use", "ana", f"{chart}use/"),
        Page("Risk of a client", "ana", f"{chart}risk/"),
        Page("Risk board", "ben", "/risk/"),
        Page("Risk, week by week", "ben", "/risk/weeks/"),
        Page("Leave", "ana", "/leave/"),
        Page("Calendar", "ana", "/calendar/"),
        Page("Sessions without a note", "ana", "/calendar/without-notes/"),
        Page("Groups", "ana", "/groups/"),
        Page("Supervision", "ben", "/supervision/"),
        Page("Ratings of the programme", "dara", "/supervision/totals/"),
        Page("Co-sign", "ben", "/cosign/"),
        Page("Referrals", "ina", "/referrals/"),
        Page("Wait list", "ina", "/referrals/waiting/"),
        Page("Chase list", "ina", "/referrals/chase/"),
        Page("Intake, week by week", "ina", "/referrals/report/"),
        Page("Calendar by intake", "ina", "/calendar/"),
        Page("Billing, a month", "ina", "/billing/"),
        Page("Programme", "dara", "/programme/"),
        Page("Measures in use", "dara", "/programme/measures/"),
    ]


def asking(port: int, page: Page, session: str) -> bytes:
    """One asking of a page by somebody who is signed in."""
    cookie = f"reknit_session={session}"
    if not page.words:
        return request("GET", page.path, headers={"Cookie": cookie})
    _status, shown = ask(port, request("GET", page.path, headers={"Cookie": cookie}))
    known = re.search(rb"reknit_csrf=([^;]+)", shown)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
    if not known or not token:
        raise SystemExit(f"{page.path} answered without a token.")
    body = urllib.parse.urlencode({"words": page.words, "csrfmiddlewaretoken": token[1].decode()}).encode()
    headers = {**FORM, "Cookie": f"{cookie}; reknit_csrf={known[1].decode()}"}
    return request("POST", page.path, headers=headers, body=body)


def measured(
    port: int, bare: int, asked: list[tuple[Page, bytes]], times: int
) -> tuple[Run, list[tuple[Page, Run]]]:
    """Each page in turns with the bare view, so that a busy moment of the machine falls on all of them."""
    plain: list[Run] = []
    ours: dict[str, list[Run]] = {page.name: [] for page, _data in asked}
    listing = request("GET", "/list")
    for _round in range(ROUNDS):
        plain.append(drive(bare, [listing] * times * 4))
        for page, data in asked:
            ours[page.name].append(drive(port, [data] * times))
    return merge(plain), [(page, merge(ours[page.name])) for page, _data in asked]


def main() -> int:
    """Measure and print the report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument(
        "--times", type=int, default=20, help="how often each page is asked in each of five rounds"
    )
    options = parser.parse_args()
    threads = int(os.environ.get("REKNIT_BENCH_THREADS", "4"))
    with ExitStack() as stack:
        bare = stack.enter_context(peer(threads))
        store = request("POST", "/store", headers={"Content-Type": "application/json"}, body=b'{"a": 1}')
        drive(bare, [store] * 50 + [request("GET", "/list")] * 50)
        busy = min(BUSY, options.clients)
        port, known = stack.enter_context(reknit(options.clients, busy, threads, busy))
        sessions = known["sessions"]
        asked = [
            (page, asking(port, page, sessions[page.who]))  # type: ignore[index]
            for page in pages_of(f"/clients/{known['client']}/")
        ]
        for page, data in asked:
            warm = drive(port, [data] * 3)
            if set(warm.statuses) != {200}:
                raise SystemExit(f"{page.path} answered {warm.statuses}")
        say("Measuring ...")
        plain, found = measured(port, bare, asked, options.times)
    print(report(plain, found, clients=options.clients, threads=threads))
    return 0


def report(plain: Run, found: list[tuple[Page, Run]], *, clients: int, threads: int) -> str:
    """The table, slowest first, and what the slowest is."""
    found = sorted(found, key=lambda one: -one[1].median)
    slowest, run = found[0]
    late = [page.name for page, one in found if one.quantile(0.95) > MOST]
    lines = [
        "# Measured: the day\n",
        f"By `./reknit bench day`: every page of a day on a clinic of {clients:,} clients, on SQLite, one server process and "
        f"{threads} threads, {os.cpu_count()} processor cores, one asker at a time, all in turns with a bare Django view that "
        "lists 50 rows.\n",
        f"The slowest page is **{slowest.name}**: {run.median * 1e3:.1f} ms in the middle, beside {plain.median * 1e3:.2f} ms "
        f"of the bare view in the same run ({run.median / plain.median:.1f} times). In the middle of all pages it is "
        f"{statistics.median(one.median for _page, one in found) * 1e3:.1f} ms.\n",
        f"Slowest of twenty under {MOST * 1e3:.0f} ms: "
        + ("held by every page.\n" if not late else f"**not held** by {', '.join(late)}.\n"),
        "| page | middle | slowest of twenty | times the bare view | errors |\n|---|---|---|---|---|",
    ]
    lines += [
        f"| {page.name} | {one.median * 1e3:.1f} ms | {one.quantile(0.95) * 1e3:.1f} ms | {one.median / plain.median:.1f} "
        f"| {one.errors} |"
        for page, one in found
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
