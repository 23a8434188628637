"""Case files, read strictly: partnership, plan, outside events and published figures."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from sim.core.errors import InputError, shown, suggestion
from sim.core.inputs.partnership import Name
from sim.core.refusal import place_of, refusal, siblings
from sim.engine.settings import DatedDecision, DatedShock
from sim.plans.strict import SHIPPED, Document, read_located

Scope = Literal["partnership", "service", "council", "population"]
Role = Literal["calibrate", "holdout", "context"]
Kind = Literal["outturn", "target", "forecast"]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]
Month = Annotated[int, Field(ge=0, le=360)]
Date = Annotated[str, StringConstraints(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Moment(_Given):
    """Time of a reading: a month of the history or a calendar month; the horizon if neither is set."""

    at_month: Month | None = None
    at_date: Date | None = None

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if self.at_month is not None and self.at_date is not None:
            raise ValueError("give at_month or at_date, not both")
        return self


class Known(Moment):
    """Known events of the real case; only histories with them are compared."""

    outcome: Words
    low: float | None = None
    high: float | None = None
    source: Words

    @model_validator(mode="after")
    def _some_bound(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("give low, high or both: what is known of the outcome")
        _in_order(self.low, self.high)
        return self


class PublishedFigure(Moment):
    """A published figure: its name, time, value, source and role.

    `role` is settled before the model is run, with its `reason`. `limits` says what the comparison leaves
    out, for a reader who wonders about a miss. In a population, `statistic` adds the partnerships up, counts the
    respondents whose outcome lies between `at_least` and `at_most`, or takes the respondents' mean.
    """

    name: Words
    outcome: Words | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    kind: Kind = "outturn"
    role: Role
    source: Words
    reason: Words
    limits: str = ""
    statistic: Literal["sum", "count", "mean"] = "sum"
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _comparable(self) -> Self:
        if self.value is not None and (self.low is not None or self.high is not None):
            raise ValueError("give value, or low and high, not both")
        _in_order(self.low, self.high)
        if self.role != "context" and (self.outcome is None or self.bounds == (None, None)):
            missing = "an outcome" if self.outcome is None else "a value, or low and high"
            raise ValueError(
                f"{missing} is wanted for role {self.role}; only a figure of role context may leave it out"
            )
        bounded = self.at_least is not None or self.at_most is not None
        if self.outcome is not None and bounded != (self.statistic == "count"):
            raise ValueError("at_least or at_most belongs to statistic: count, which needs one of them")
        return self

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Published value as a range: the value twice, or low and high, either of which may be open."""
        return (self.low, self.high) if self.value is None else (self.value, self.value)


def _in_order(low: float | None, high: float | None) -> None:
    if low is not None and high is not None and low > high:
        raise ValueError(f"low={low:g} lies above high={high:g}")


class OneService(_Given):
    """Service shared in a case of scope `service`: name, staff and budget over all councils."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    staff: Annotated[float, Field(gt=0, le=20_000)]
    budget_gbp_m: Annotated[float, Field(gt=0, le=2_000)]


class CasePlan(_Given):
    """One of several plans of a population's partnerships, with its weight."""

    weight: Annotated[float, Field(gt=0, le=1000)] = 1.0
    scenario: str = "structure_first"
    levers: dict[str, Any] = Field(default_factory=dict)


class Population(_Given):
    """Several partnerships at once: identities, plans, number of councils, and respondents."""

    partnerships: Annotated[tuple[str, ...], Field(strict=False, min_length=1, max_length=100)]
    plans: Annotated[tuple[CasePlan, ...], Field(strict=False, min_length=1, max_length=20)] = (CasePlan(),)
    councils: Annotated[int, Field(ge=1, le=10_000)] | None = None
    respondents: Annotated[int, Field(ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _counted(self) -> Self:
        twice = {name for name in self.partnerships if self.partnerships.count(name) > 1}
        if twice:
            raise ValueError(f"partnership '{min(twice)}' is named twice")
        if self.respondents is not None and self.respondents < len(self.partnerships):
            raise ValueError(f"respondents={self.respondents}: at least one for each of {len(self.partnerships)}")
        return self


class Case(_Given):
    """A validation case of a partnership, one shared service, one council or a population, with published figures.

    `start` is the month of the decision to share, where the partnership's own dates something later; `start_state`
    what was shared by then. Levers that neither the scenario nor `levers` sets are drawn, unless `held` names them.
    """

    name: Name
    meaning: str = ""
    scope: Scope = "partnership"
    partnership: Any = None
    start: Date | None = None
    start_state: Annotated[tuple[Name, ...], Field(strict=False, max_length=64)] | None = None
    held: Annotated[tuple[Words, ...], Field(strict=False, max_length=200)] = ()
    service: OneService | None = None
    population: Population | None = None
    scenario: str = "structure_first"
    levers: dict[str, Any] = Field(default_factory=dict)
    decisions: Annotated[tuple[DatedDecision, ...], Field(strict=False, max_length=500)] = ()
    shocks: Annotated[tuple[DatedShock, ...], Field(strict=False, max_length=100)] = ()
    horizon_months: Annotated[int, Field(ge=12, le=360)] = 120
    known: Annotated[tuple[Known, ...], Field(strict=False, max_length=20)] = ()
    figures: Annotated[tuple[PublishedFigure, ...], Field(strict=False, min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.scope == "population" and (self.levers or self.scenario != "structure_first"):
            raise ValueError("levers and scenario of a population stand in population.plans")
        for key in ("start", "start_state"):
            if getattr(self, key) is not None and self.scope in ("council", "population"):
                raise ValueError(f"{key} belongs to one partnership, not to scope: {self.scope}")
        for needed in ("service", "population"):
            if (self.scope == needed) != (getattr(self, needed) is not None):
                raise ValueError(f"scope: {needed} and the key '{needed}' belong together")
        if (self.partnership is None) != (self.scope in ("council", "population")):
            wanted = "no partnership" if self.partnership is not None else "a partnership, by name or with its councils"
            raise ValueError(f"scope: {self.scope} wants {wanted}")
        if self.scope == "council" and any(figure.outcome for figure in self.figures):
            raise ValueError("one council has nobody to share with, so its figures are context without an outcome")
        if self.scope != "population" and any(figure.statistic != "sum" for figure in self.figures):
            raise ValueError("statistic: count and statistic: mean belong to scope: population")
        return self


_SUFFIXES = (".yaml", ".yml")
_MOST_CASES = 500


@dataclass(frozen=True)
class CaseFile:
    """A case with its file, so that later refusals can give the line."""

    path: Path
    document: Document
    case: Case

    def where(self, key: Sequence[str | int]) -> str:
        """Place of a key, as "my/case.yaml, line 7"."""
        return self.document.where(self.path, key)

    @contextmanager
    def at(self, *key: str | int) -> Iterator[None]:
        """Context manager that adds the place to refusals about a key."""
        try:
            yield
        except InputError as error:
            raise InputError(f"{self.where(key)}: {error}") from None


def shipped_cases() -> Path:
    """Folder of the cases shipped with Tandem."""
    return SHIPPED[0] / "case"


def read_cases(folder: Path) -> list[CaseFile]:
    """Every case of a folder in order of file names. Raises InputError for the first error."""
    files = [read_case(path) for path in _files(folder)]
    first: dict[str, Path] = {}
    for file in files:
        name = file.case.name.casefold()
        if name in first:
            raise InputError(
                f"{file.where(('name',))}: case {shown(file.case.name)} is also in {first[name]}; choose another name"
            )
        first[name] = file.path
    return files


def read_case(path: Path) -> CaseFile:
    """One case from its file."""
    document = read_located(path)
    try:
        case = Case.model_validate(document.content)
    except ValidationError as error:
        raise refused(error, path, document) from None
    return CaseFile(path, document, case)


def refused(
    error: ValidationError, path: Path, document: Document, root: type[BaseModel] = Case, prefix: tuple[str, ...] = ()
) -> InputError:
    """Validation error as a sentence that begins with file and line; unknown keys come first."""
    for found in error.errors():
        if not found["loc"] and not prefix and found["type"] == "value_error":
            return InputError(f"{document.where(path, place_of(found))}: {found['ctx']['error']}")
        if found["type"] == "extra_forbidden":
            place = (*prefix, *found["loc"])
            key = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
            near = suggestion(str(place[-1]), siblings(found["loc"], root))
            return InputError(f"{document.where(path, place)}: {key}: unknown key{near}")
    return refusal(
        error,
        lambda place: None,
        lambda place: siblings(place, root),
        "".join(f"{part}." for part in prefix),
        lambda place: document.where(path, (*prefix, *place)),
    )


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(f"--cases {shown(str(folder))}: no such folder")
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror})") from None
    if not found:
        raise InputError(f"--cases {shown(str(folder))}: the folder holds no case; a case is a file that ends in .yaml")
    if len(found) > _MOST_CASES:
        raise InputError(f"{folder}: more than {_MOST_CASES} files")
    return found
