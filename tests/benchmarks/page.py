"""From a moved slider to a refreshed chart, and how long long questions take: python tests/benchmarks/page.py [moves]

Starts the page on loopback, moves the pace slider in headless Chromium, and prints the median, the 90th percentile
and the worst time from the move to the first chart drawn from the new plan, the pause for settling included. Then it
asks why two plans differ and where one tips, and prints how long each answer took.
"""

import os
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browser import browser
from webbing import served

MOVES = 20
PAUSE = 1500
"""Milliseconds between moves: somebody looks at the first answer while it is being refined."""
MOVE = """
(value) => new Promise((done) => {
  const slider = document.querySelector('#lever-levers-pace-months_between_waves');
  document.body.dataset.looked = '';
  const moved = performance.now();
  new MutationObserver((_, observer) => {
    if (!document.body.dataset.looked) return;
    observer.disconnect();
    requestAnimationFrame(() => done((performance.now() - moved) / 1000));
  }).observe(document.body, { attributes: true, attributeFilter: ['data-looked'] });
  slider.value = value;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
})
"""
"""Moves the slider and waits, without polling, for the frame in which the chart of the new plan is there."""


def main(moves: int) -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder, served(Path(folder)) as (address, _), browser() as started:
        page = started.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/whatif?histories=200")
        page.wait_for_selector("body[data-state=settled]", timeout=300_000)
        took = []
        for number in range(moves):
            took.append(page.evaluate(MOVE, 3.5 + number / 2))
            page.wait_for_timeout(PAUSE)
        long = {form: _asked(page, form, address) for form in ("why", "tip")}
    took.sort()
    ninth = took[int(0.9 * (len(took) - 1))]
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else "load not known"
    middle = statistics.median(took)
    print(f"{moves} moves ({load}): median {middle:.2f} s, 90% within {ninth:.2f} s, worst {took[-1]:.2f} s")
    print(f"why two plans differ: {long['why']:.0f} s; where one tips: {long['tip']:.0f} s")


def _asked(page: Any, form: str, address: str) -> float:
    """Seconds from asking one of the long questions to its answer."""
    page.goto(f"{address}/whatif?histories=200&plan=scenario%3Dparallel")
    page.wait_for_selector("body[data-state=settled]", timeout=300_000)
    began = time.monotonic()
    page.click(f"#{form} button[type=submit]")
    page.wait_for_selector(f"#{form} .found .said", timeout=1_200_000)
    return time.monotonic() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MOVES)
