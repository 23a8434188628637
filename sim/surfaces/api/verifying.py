"""The assurance table: the checks run again, or read as they were last run."""

from __future__ import annotations

from collections.abc import Mapping

from sim.assurance import assurance, golden, running
from sim.assurance import standing as said
from sim.assurance.page import NOT_RUN, PARTLY, REACHED, state


def verify(everything: bool = False, fresh: bool = False) -> bool:
    """Run the quick checks of a checkout, or all; write docs/assurance.md; whether every line that was run holds.

    InputError where the tests are not at hand.
    """
    allowed = {REACHED} if everything else {REACHED, PARTLY, NOT_RUN}
    return all(state(parts) in allowed for parts in running.run_checks(everything, fresh).values())


def has_checks() -> bool:
    """Whether this is a checkout, with its tests."""
    return running.is_checkout()


def standing() -> str:
    """How many lines of the table hold, in one sentence."""
    return said()


def assurance_table() -> str:
    """The page as it was last written, as Markdown."""
    return assurance()


def golden_results() -> tuple[Mapping[str, str], bool]:
    """How each golden scenario, simulated here, compares with the record; and whether the promise is kept.

    Works in any installation.
    """
    reached, known = golden.played(), golden.recorded()
    return dict(golden.verdicts(reached, known)), golden.kept(reached, known)
