import datetime as dt, os
from pathlib import Path
from reknit.base.clock import now
from reknit.exchange.sample.loading import load_sample
from reknit.exchange.sample.staff import PASSWORD
from reknit.care.groups.models import GroupRun
import pytest
OUT = Path("/tmp/looks"); OUT.mkdir(exist_ok=True)

def test_look(at_rest, emptied, person):
    with at_rest:
        load_sample(clients=16, progress=False)
        run = GroupRun.objects.get(); member = run.members.order_by("client__family_name").first()
    pages = {
      "list": "/groups/", "form": "/groups/form/", "run": f"/groups/{run.pk}/", "leading": f"/groups/{run.pk}/leading/",
      "matrix": f"/groups/{run.pk}/matrix/", "climate": f"/groups/{run.pk}/climate/", "ending": f"/groups/{run.pk}/ending/",
      "room": f"/groups/{run.pk}/sessions/9/", "move": f"/groups/{run.pk}/sessions/10/move/", "cancel": f"/groups/{run.pk}/sessions/10/cancel/",
      "signed": f"/groups/{run.pk}/sessions/8/", "record": f"/groups/{run.pk}/sessions/9/record/", "sheet": f"/groups/{run.pk}/sessions/9/sheet/",
      "give": f"/groups/{run.pk}/sessions/8/climate/", "summary": f"/groups/{run.pk}/sessions/8/summary/", "member": f"/groups/{run.pk}/members/{member.pk}/",
    }
    faults = []
    def shoot(who, name, path):
        page = who.page
        for width, dark in ((1280, False), (360, True)):
            who.width = width
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.goto(path)
            try: who.looks()
            except AssertionError as e: faults.append(str(e))
            page.screenshot(path=str(OUT / f"{name}-{width}.png"), full_page=True)
    with person(width=1280) as ben:
        ben.signs_in("facilitator@harbour-lane.example", PASSWORD)
        for name, path in pages.items():
            shoot(ben, "g-" + name, path)
    with person(width=1280) as cl:
        cl.signs_in("client-group@harbour-lane.example", PASSWORD)
        shoot(cl, "g-mine", "/my/group/")
    with person(width=1280) as sup:
        sup.signs_in("supervisor@harbour-lane.example", PASSWORD)
        sup.page.goto("/supervision/")
        hrefs = sorted(set(sup.page.eval_on_selector_all("a[href^='/supervision']", "els => els.map(e => e.getAttribute('href'))")))
        print(hrefs)
        for i, h in enumerate(hrefs[:14]):
            shoot(sup, f"s-{i}", h)
    print("\n".join(faults))
