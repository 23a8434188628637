"""The assurance table: run the checks again, or read their last results."""

from __future__ import annotations

from collections.abc import Mapping

from sim.assurance import assurance, golden, running
from sim.assurance import standing as said
from sim.assurance.page import NOT_RUN, PARTLY, REACHED, state


def verify(everything: bool = False, fresh: bool = False) -> bool:
    """Run a checkout's quick (or all) checks and write docs/assurance.md; True if every check run holds.

    InputError if the tests are not available.
    """
    allowed = {REACHED} if everything else {REACHED, PARTLY, NOT_RUN}
    return all(state(parts) in allowed for parts in running.run_checks(everything, fresh).values())


def has_checks() -> bool:
    """True if this is a checkout that includes its tests."""
    return running.is_checkout()


def standing() -> str:
    """One sentence with the number of assurance lines that hold."""
    return said()


def assurance_table() -> str:
    """The assurance page as last written, as Markdown."""
    return assurance()


def golden_results() -> tuple[Mapping[str, str], bool]:
    """Comparison of each golden scenario, simulated here, with its record; and True if all match as promised.

    Works in any installation.
    """
    reached, known = golden.played(), golden.recorded()
    return dict(golden.verdicts(reached, known)), golden.kept(reached, known)
