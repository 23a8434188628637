"""Partnerships given inside a case, with stated defaults for missing facts."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from sim.plans.partnership_csv.stated_defaults import FIXED, culture_gap, election_year

MID_YEAR = 7
_OF_COUNCIL = ("control", "setting", "elections", "budget_gap_share")
_OF_PAIR = ("distance_miles", "prior_joint_working")
Facts = dict[str, Any]


def completed(given: Mapping[str, Any]) -> tuple[Facts, list[str]]:
    """The partnership with defaults as for a new one, and a sentence for each default used.

    Names, headcounts, spending and the year of the start are never guessed; validation asks for them.
    """
    content, assumed = dict(given), []
    if "start_month" not in content:
        content["start_month"] = MID_YEAR
        assumed.append(f"start_month {MID_YEAR} (the middle of the year)")
    councils = content.get("councils")
    if isinstance(councils, list) and all(isinstance(council, dict) and "name" in council for council in councils):
        filled = [_council(council, content, assumed) for council in councils]
        content["councils"] = filled
        content.setdefault("name", " & ".join(str(council["name"]) for council in filled))
        if "pairs" not in content:
            content["pairs"] = [_pair(one, other, assumed) for one, other in combinations(filled, 2)]
    told = given.get("provenance", {})
    if isinstance(told, dict):
        content["provenance"] = {**told, **{f"default {i}": f"assumption: {text}" for i, text in enumerate(assumed, 1)}}
    return content, assumed


def _council(given: Facts, partnership: Facts, assumed: list[str]) -> Facts:
    facts = {"full_name": given["name"], **given}
    filled = {field: FIXED[field][0] for field in _OF_COUNCIL if field not in given}
    facts |= filled
    year, month = partnership.get("start_year"), partnership["start_month"]
    if "next_election_year" not in given and isinstance(year, int) and isinstance(month, int):
        elections = facts["elections"] if facts["elections"] in ("whole", "halves", "thirds") else "whole"
        facts["next_election_year"], _ = election_year(elections, year, month)
        filled["next_election_year"] = facts["next_election_year"]
    if filled:
        assumed.append(f"{given['name']}: {_said(filled)}")
    return facts


def _pair(one: Facts, other: Facts, assumed: list[str]) -> Facts:
    facts = {field: FIXED[field][0] for field in _OF_PAIR} | {"culture_gap": culture_gap(one, other)}
    assumed.append(f"{one['name']} and {other['name']}: {_said(facts)}")
    return {"between": [one["name"], other["name"]], **facts}


def _said(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())
