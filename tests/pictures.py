"""Takes the page's pictures that the README shows: python tests/pictures.py [FOLDER]

Starts the page on loopback, opens What if and a workshop in headless Chromium, and writes what_if.png and workshop.png
to docs/pictures/ or FOLDER.
"""

import json
import sys
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from browser import browser
from webbing import ROOT, served

SIZE = {"width": 1280, "height": 900}
PREDICTED = {"saving": 0.2, "fatigue": 30, "back_bench": 50}
PLAYED = ("away_days", "two_hr_officers")


def what_if(page: Any, address: str, file: Path) -> None:
    """The room as it opens, with its answer."""
    page.goto(f"{address}/whatif?histories=200")
    page.wait_for_selector("body[data-state=settled]", timeout=300_000)
    page.screenshot(path=file)


def workshop(started: Any, address: str, file: Path) -> None:
    """A team's screen in its second half-year, about to decide."""
    lead, team = (started.new_context(base_url=address, viewport=SIZE) for _ in range(2))
    made = lead.request.post("/api/workshop/sessions", data={"pack": "chicken_and_egg"}).json()
    place = f"/api/workshop/sessions/{made['code']}"
    team.request.post(f"{place}/join", data={"team": "The Steady Hands", "name": "Anna"})
    lead.request.post(f"{place}/step", data={"step": "next"})
    asked = {"round": 1, "version": 0}
    team.request.post(f"{place}/prediction", data=json.dumps({**asked, "values": PREDICTED}), headers=JSON)
    team.request.post(f"{place}/decision", data=json.dumps({**asked, "cards": PLAYED[:1]}), headers=JSON)
    for step in ("close", "next"):
        lead.request.post(f"{place}/step", data={"step": step})
    team.request.post(
        f"{place}/prediction", data=json.dumps({"round": 2, "version": 0, "values": PREDICTED}), headers=JSON
    )
    page = team.new_page()
    page.goto(f"/workshop/{made['code']}")
    page.wait_for_selector("main h2")
    page.get_by_role("button", name="Decide").first.click()
    page.wait_for_selector("#send-decision")
    page.locator(f"#card-{PLAYED[1]}").check()
    page.screenshot(path=file)


JSON = {"Content-Type": "application/json"}


def main(folder: Path) -> None:
    """Take both."""
    with TemporaryDirectory() as place, served(Path(place)) as (address, _), browser() as started:
        urllib.request.urlopen(address).close()
        page = started.new_page(viewport=SIZE)
        what_if(page, address, folder / "what_if.png")
        workshop(started, address, folder / "workshop.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
