"""Given facts: councils, pairs of councils, the partnership and its services."""

from collections import Counter
from difflib import get_close_matches
from math import fsum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1)]
PARTIES = ("conservative", "green", "independent", "labour", "liberal_democrat", "reform_uk")
"""Parties and groups that control English councils today."""
WITHOUT_PARTY = ("independent", "no_overall_control")
"""Control that no party has."""


def control_named(text: str) -> str:
    """Control of a council under its known name, or as given. ValueError for a misspelt known name."""
    known = (*PARTIES, "no_overall_control")
    word = "_".join(text.lower().replace("-", " ").split())
    near = get_close_matches(word, known, 1, 0.8)
    if near and word not in known:
        raise ValueError(f"control '{text}': did you mean '{near[0]}'?")
    return word if near else text


Control = Annotated[Name, AfterValidator(control_named)]
"""Control of a council: one of `PARTIES`, no overall control, or any other name."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Council(_Fact):
    """One council: its size, politics, the gap it must close and what it cut already (shares of expenditure).

    `next_election_year` is the year of any ordinary election; those before and after it are whole terms away.
    """

    name: Name
    full_name: Name
    headcount: Annotated[int, Field(ge=20, le=20_000)]
    service_expenditure_gbp_m: Annotated[float, Field(gt=0, le=2_000)]
    control: Control
    setting: Literal["rural", "urban"]
    elections: Literal["whole", "halves", "thirds"]
    next_election_year: Annotated[int, Field(ge=1974, le=2100)]
    budget_gap_share: Share
    earlier_cuts_share: Share = 0.0
    """Earlier cuts made by the council alone, as a share of its expenditure (M-PT5)."""


class CouncilPair(_Fact):
    """Given facts about two councils: distance, prior joint working (0–1), culture gap (0–1)."""

    between: Annotated[tuple[Name, Name], Field(strict=False)]
    distance_miles: Annotated[float, Field(ge=0, le=500)]
    prior_joint_working: Share
    culture_gap: Share


class Partnership(_Fact):
    """Councils that share, the month of their decision, and the source of each given fact."""

    name: Name
    start_year: Annotated[int, Field(ge=1974, le=2100)]
    start_month: Annotated[int, Field(ge=1, le=12)]
    councils: Annotated[tuple[Council, ...], Field(strict=False, min_length=1, max_length=4)]
    pairs: Annotated[tuple[CouncilPair, ...], Field(strict=False)] = ()
    arrangements: Annotated[tuple[Words, ...], Field(strict=False, max_length=60)] = ()
    """What is agreed of single services, each 'service: clauses' (`sim.core.inputs.arrangements`)."""
    start_state: Annotated[tuple[Name, ...], Field(strict=False, max_length=64)] = ()
    """Tiers of management and services that are shared already at month 0."""
    provenance: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [council.name for council in self.councils]
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise ValueError(f"council '{twice[0]}' is named twice")
        wanted = {frozenset((a, b)) for i, a in enumerate(names) for b in names[i + 1 :]}
        given = [frozenset(pair.between) for pair in self.pairs]
        if set(given) != wanted or len(given) != len(wanted):
            expected = "; ".join(" and ".join(sorted(pair)) for pair in sorted(wanted, key=sorted)) or "none"
            raise ValueError(f"pairs must name every two councils once ({expected})")
        return self

    @property
    def headcount(self) -> int:
        """Staff of all councils together."""
        return sum(council.headcount for council in self.councils)

    @property
    def expenditure_gbp_m(self) -> float:
        """Service expenditure of all councils together, £m a year."""
        return fsum(council.service_expenditure_gbp_m for council in self.councils)

    @property
    def expenditure_shares(self) -> tuple[float, ...]:
        """Each council's share of total service expenditure, in the councils' order."""
        total = self.expenditure_gbp_m
        return tuple(council.service_expenditure_gbp_m / total for council in self.councils)

    @property
    def need_shares(self) -> tuple[float, ...]:
        """Each council's share of the budget gaps to close; of expenditure where none has a gap."""
        gaps = [council.budget_gap_share * council.service_expenditure_gbp_m for council in self.councils]
        total = fsum(gaps)
        return tuple(gap / total for gap in gaps) if total else self.expenditure_shares

    def sharing_shares(self, rule: str) -> tuple[float, ...]:
        """Each council's share of costs and savings: equal, by size or by need."""
        if rule == "by_size":
            return self.expenditure_shares
        return self.need_shares if rule == "by_need" else (1.0 / len(self.councils),) * len(self.councils)

    @property
    def headcount_shares(self) -> tuple[float, ...]:
        """Each council's share of total headcount, in the councils' order."""
        return tuple(council.headcount / self.headcount for council in self.councils)


class Service(_Fact):
    """One service of the councils; its weights are its typical share of staff and of expenditure."""

    title: Name
    kind: Literal["corporate", "customer"]
    staff_weight: Annotated[float, Field(gt=0, le=100)]
    spend_weight: Annotated[float, Field(gt=0, le=100)]
