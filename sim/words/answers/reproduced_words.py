"""Words for the result of reproducing a study."""

from __future__ import annotations

from math import isinf

from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.study.reproducing import TOLERANCE, Reproduction
from sim.words.finding import StudyFinding


def said(found: Reproduction) -> list[str]:
    """The verdict first, then each difference on its own line."""
    lines = [f"{complaint}." for complaint in found.complaints]
    if found.now is None:
        lines.insert(0, f"The results of '{found.study}' cannot be made again:")
    elif found.same:
        beside = "; but what was given is not as it was written:" if lines else "."
        lines.insert(
            0, f"The results of '{found.study}' came out the same, to the last bit (digest {found.now}){beside}"
        )
    else:
        lines.insert(0, f"The results of '{found.study}' came out different: digest {found.now}, not {found.before}.")
        lines += [*_how_far(found), *_why(found)]
    return [*lines, *([f"The new study: {found.folder}"] if found.folder is not None else [])]


def _how_far(found: Reproduction) -> list[str]:
    if found.rows is None or found.unlike is None or found.largest is None:
        return ["The old results were not beside the manifest, so how far apart they are cannot be said."]
    if found.unlike == 0:
        return ["Yet every number is the same as in runs.parquet: the digest in the manifest belongs to other results."]
    names = words.listed(OUTCOMES[name].meaning.partition(";")[0] for name in found.worst if name in OUTCOMES)
    share = f"{found.unlike:,} of {found.rows:,} histories differ"
    if isinf(found.largest):
        return [f"{share}, some in whether there is a value at all{f'; most: {names}' if names else ''}."]
    if found.largest <= TOLERANCE:
        return [f"{share}, by less than one part in {1 / TOLERANCE:,.0f}: the same for every purpose but the digest."]
    return [f"{share}, by up to {words.percent(found.largest)}; most: {names}."]


def _why(found: Reproduction) -> list[str]:
    if not found.differences:
        return [
            "Program, libraries and platform are the same as then, so the manifest or the old results were altered, or "
            "Tandem broke its promise: tell its makers."
        ]
    return ["Not as it was then:", *(f"  {sentence}" for sentence in found.differences)]


def finding(found: Reproduction) -> StudyFinding[Reproduction]:
    """Answer of a reproduction: the results that are the same, and those that differ."""
    largest = None if found.largest is None or isinf(found.largest) else found.largest
    content = {
        "study": found.study,
        "same": found.same,
        "digest_before": found.before,
        "digest_now": found.now,
        "complaints": list(found.complaints),
        "differences": list(found.differences),
        "rows": found.rows,
        "rows_that_differ": found.unlike,
        "largest_relative_difference": largest,
        "outcomes": list(found.worst),
        "folder": None if found.folder is None else str(found.folder),
    }
    lines = said(found)
    return StudyFinding(found, lines[0], lines, content)
