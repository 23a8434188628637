"""The frozen settings: levers, evidence and mechanisms of one cell."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationError,
    model_serializer,
    model_validator,
)

from sim.agents.delivery.commissioning import CommissioningLevers
from sim.agents.delivery.employment import TermsLevers
from sim.agents.delivery.enablers import EnablersLevers
from sim.agents.delivery.tiers import StructureLevers
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers, IdentityLevers, MoneyLevers
from sim.agents.hr import ExternalLevers, HrLevers
from sim.agents.politics.members import MembersLevers
from sim.agents.programme_office import PaceLevers, SequenceLevers
from sim.agents.shocks import ShockKind
from sim.agents.staff import StaffLevers
from sim.agents.surplus import StaffingLevers
from sim.core.errors import shown, suggestion
from sim.core.inputs.arrangements import Arrangement, agreed, check_start_state, not_played
from sim.core.inputs.candidates import Ensemble, values
from sim.core.inputs.levers import LeverGroup, entries
from sim.core.inputs.packages import Outline, Package, in_scope, ordered_services, packages
from sim.core.inputs.partnership import Partnership, Service
from sim.core.inputs.quantity import Quantity
from sim.core.inputs.rules import doubts, parse_rule
from sim.core.refusal import refusal

Made = TypeVar("Made")
Switch = Literal["on", "off"]
Text = Annotated[str, StringConstraints(max_length=10_000)]


class FrozenSettings(BaseModel):
    """Base of settings that never change once made and refuse unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Levers(FrozenSettings):
    """All levers, by group; each group is declared beside the agent that obeys it."""

    sequence: SequenceLevers = SequenceLevers()
    pace: PaceLevers = PaceLevers()
    structure: StructureLevers = StructureLevers()
    staffing: StaffingLevers = StaffingLevers()
    terms: TermsLevers = TermsLevers()
    hr: HrLevers = HrLevers()
    development: DevelopmentLevers = DevelopmentLevers()
    enablers: EnablersLevers = EnablersLevers()
    external: ExternalLevers = ExternalLevers()
    staff: StaffLevers = StaffLevers()
    members: MembersLevers = MembersLevers()
    governance: GovernanceLevers = GovernanceLevers()
    identity: IdentityLevers = IdentityLevers()
    money: MoneyLevers = MoneyLevers()
    commissioning: CommissioningLevers = CommissioningLevers()

    def by_class(self) -> dict[type[LeverGroup], LeverGroup]:
        """Groups by their class, the form that a world uses."""
        return {type(group): group for group in (getattr(self, name) for name in type(self).model_fields)}


def _switch(meaning: str) -> Any:
    return Field(default="on", description=meaning)


class Mechanisms(FrozenSettings):
    """State of each mechanism: on, off or in a rival form. Switching one off shows which conclusions need it."""

    load: Literal["on", "off", "queueing"] = _switch(
        "Managers' load slows packages; queueing: overload only delays, and never lowers throughput (model.md 1)"
    )
    scale: Switch = _switch("Larger services take more of managers', HR's and OD's attention (1)")
    fatigue: Switch = _switch("Staff tire of change and recover slowly (2)")
    uncertainty: Switch = _switch("Unsettled posts breed uncertainty (3)")
    engagement: Switch = _switch("Engagement moves; off: it stays at its start (4)")
    day_job: Switch = _switch("HR's day job competes with change work (5)")
    enablers: Switch = _switch("Joint systems, policy and terms matter; off: nothing is missing without them (5, 6)")
    rework: Switch = _switch("Work leaves stages with errors that are redone (6)")
    leavers: Switch = _switch("Staff leave, posts fall vacant, knowledge is lost (7)")
    staffing: Switch = _switch("The route by which posts go matters; off: they go at once, as by redundancy (7)")
    terms: Switch = _switch("Talks over terms strain relations and may end in a dispute (7)")
    momentum: Switch = _switch("Results against expectation move commitment (8)")
    trust: Literal["on", "off", "symmetric"] = _switch(
        "Trust moves; off: it stays at its start; symmetric: lost no faster than built, damage forgotten (9)"
    )
    fairness: Switch = _switch("Unfair shares of benefit and job losses are resented (10)")
    buy_in: Switch = _switch("Members' buy-in moves and decides votes; off: all votes are won (11)")
    identity: Switch = _switch("Size, merger and takeover threaten identity; off: all steps alike (11)")
    politics: Switch = _switch("Differing politics matter, the more the less trust there is (11)")
    elections: Switch = _switch("Elections replace members and may change control (11)")
    culture: Switch = _switch("Cultures differ, slow joint teams and breed them-and-us (12)")
    leadership: Switch = _switch("Managers learn to lead change; style, development and thinking time matter (12)")
    learning: Switch = _switch("Finished packages make later ones shorter (12)")
    coordination: Switch = _switch("Serving several councils is a burden that slows and strains (13)")
    leakage: Switch = _switch("Part of the saving is lost where capacity or engagement is poor (14)")
    quality: Switch = _switch("Quality and resilience of services move, with a dip while people wait")
    dissolution: Switch = _switch("The partnership may dissolve, one of three may leave, talks may fail (15)")
    stall: Switch = _switch("The programme may stall (15)")
    shocks: Switch = _switch(
        "Chief executives and leaders leave, control changes, grant is cut, emergencies, defaults, failed contracts"
    )
    luck: Switch = _switch("Randomness; off: every draw takes its middle value")


class ScenarioNote(FrozenSettings):
    """Description of a scenario for readers."""

    name: str = "defaults"
    title: Text = ""
    meaning: Text = ""
    reasons: Annotated[dict[str, Text], Field(max_length=500)] = Field(default_factory=dict)
    """Reasons for chosen values by full key, for the decisions log."""


class DatedDecision(FrozenSettings):
    """Change of levers at a month; levers change in no other way while a history runs."""

    month: Annotated[int, Field(ge=0, le=600)]
    change: Annotated[dict[str, Any], Field(min_length=1)]
    reason: Text = ""


class DatedShock(FrozenSettings):
    """An outside event that hits the partnership at a month."""

    month: Annotated[int, Field(ge=0, le=600)]
    kind: ShockKind
    council: str | None = None


class Settings(FrozenSettings):
    """Everything that determines the histories of one cell, except seed and replication."""

    partnership: Partnership
    services: Annotated[dict[str, Service], Field(min_length=1, max_length=60)]
    scenario: ScenarioNote = ScenarioNote()
    levers: Levers = Levers()
    decisions: Annotated[tuple[DatedDecision, ...], Field(strict=False, max_length=500)] = ()
    shocks: Annotated[tuple[DatedShock, ...], Field(strict=False, max_length=100)] = ()
    evidence: dict[str, dict[str, Quantity]]
    ensemble: Ensemble | None = None
    """Draws of the evidence that histories meet in turn; without one, all meet its values."""
    mechanisms: Mechanisms = Mechanisms()
    horizon_months: Annotated[int, Field(ge=12, le=360)] = 120
    pulse_months: Annotated[float, Field(gt=0, le=1)] = 1.0

    @model_serializer(mode="wrap")
    def _without_empty(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = dump(self)
        if content.get("ensemble") is None:
            content.pop("ensemble", None)
        return content

    @model_validator(mode="after")
    def _possible(self) -> Self:
        self.check()
        self._reasons_known()
        return self

    def _reasons_known(self) -> None:
        """Raise ValueError if a reason is given for an unknown key."""
        if not self.scenario.reasons:
            return
        known = {entry["name"] for group in self.levers.by_class() for entry in entries(group)}
        known |= {f"evidence.{topic}.{name}" for topic, group in self.evidence.items() for name in group}
        known |= {f"mechanisms.{name}" for name in Mechanisms.model_fields}
        known |= {"partnership", "services", "study.horizon_months"}
        for key in self.scenario.reasons:
            if key.removesuffix(".value") not in known:
                raise ValueError(f"scenario.reasons: {shown(key)} is no key{suggestion(key, known)}")

    def check(self) -> None:
        """ValueError where levers, decisions, rules, councils and shocks do not go together."""
        check_start_state(self.partnership.start_state, self.services, self.arrangements)
        self.plan()
        levers = self.levers
        for i, decision in sorted(enumerate(self.decisions, 1), key=lambda numbered: numbered[1].month):
            if decision.month >= self.horizon_months:
                raise ValueError(
                    f"decisions.{i}.month={decision.month}: lies beyond the horizon of {self.horizon_months}"
                )
            try:
                levers = changed(levers, decision.change)
            except ValueError as error:
                raise ValueError(f"decisions.{i}.change: {error}") from None
        for rule in self.levers.pace.rules:
            try:
                parse_rule(rule)
            except ValueError as error:
                raise ValueError(f"levers.pace.rules: {error}") from None
        names = {council.name for council in self.partnership.councils}
        joiner = self.levers.governance.joiner
        if joiner and joiner not in names:
            raise ValueError(f"levers.governance.joiner={shown(joiner)}: the councils are {', '.join(sorted(names))}")
        if joiner and len(names) < 3:
            raise ValueError(
                f"levers.governance.joiner={shown(joiner)}: two councils must share before a third can join"
            )
        for i, shock in enumerate(self.shocks, 1):
            if shock.month >= self.horizon_months:
                raise ValueError(f"shocks.{i}.month={shock.month}: lies beyond the horizon of {self.horizon_months}")
            if shock.council is not None and shock.council not in names:
                known = ", ".join(sorted(names))
                raise ValueError(f"shocks.{i}.council={shown(shock.council)}: the councils are {known}")
            if shock.kind == "partner_leaves" and len(names) < 3:
                raise ValueError(
                    f"shocks.{i}.kind=partner_leaves: where one of two councils leaves, nothing is shared any more; "
                    "say dissolution"
                )

    def share_plan(self, other: "Settings") -> None:
        """Reuse packages computed for other settings with the same services, if these settings need the same."""
        if self._outline == other._outline:
            self.worked_out["plan"] = other._usual_plan

    def plan(self, strengths: Mapping[str, float] | None = None) -> tuple[Package, ...]:
        """Packages of the programme with precedence; managers' strengths count where the order uses them."""
        asked = self.levers.sequence.service_order == "strongest_manager_first"
        return self._plan(strengths) if asked else self._usual_plan

    @property
    def _usual_plan(self) -> tuple[Package, ...]:
        return self.once("plan", lambda: self._plan(None))

    def _plan(self, strengths: Mapping[str, float] | None) -> tuple[Package, ...]:
        outline = self._outline
        order = ordered_services(self.services, outline, strengths)
        names = in_scope(order, self.services, outline.extent, outline.apart)
        try:
            return packages(names, outline, self.services)
        except ValueError as error:
            raise ValueError(f"levers.sequence.order: {error}") from None

    @cached_property
    def arrangements(self) -> dict[str, Arrangement]:
        """What is agreed of single services: the partnership's own arrangements, and the plan's in their place."""
        names = [council.name for council in self.partnership.councils]
        return agreed(self.partnership.arrangements, self.levers.sequence.arrangements, self.services, names)

    @property
    def _outline(self) -> Outline:
        """All settings that determine the packages."""
        levers, enablers = self.levers.sequence, self.levers.enablers
        by_saving = levers.service_order == "largest_saving_first"
        return Outline(
            extent=levers.extent,
            sequence=levers.sequence,
            redesign_after=levers.redesign_after,
            hr=self.levers.hr.integrate,
            tiers=self.levers.structure.tiers,
            service_managers=self.levers.structure.service_managers,
            joining=levers.joining,
            quick_wins=levers.quick_wins,
            order=levers.order,
            shape=levers.shape,
            commissioned=self.levers.commissioning.share,
            enablers=tuple((name, getattr(enablers, name)) for name in type(enablers).model_fields),
            terms=self.levers.terms.timing,
            service_order=levers.service_order,
            apart=tuple(sorted(name for name, own in self.arrangements.items() if own.apart)),
            already=self.partnership.start_state,
            corporate_saving=self._corporate_saving if by_saving else 1.0,
        )

    @property
    def _corporate_saving(self) -> float:
        """Saving of a corporate service, joined and redesigned, relative to a customer-facing one of equal cost."""
        money = self.evidence["money"]
        joined, changed = money["joint_teams_saving"].value, money["transformation_saving"].value
        return (joined * money["corporate_multiple"].value + changed) / (joined + changed)

    def replaced(self, **parts: Any) -> "Settings":
        """Copy with some parts replaced, validated again and without cached values."""
        return Settings.model_validate({name: getattr(self, name) for name in Settings.model_fields} | parts)

    @property
    def doubts(self) -> list[str]:
        """Warnings about settings that are allowed but probably unintended."""
        idle = [shock.month for shock in self.shocks if shock.kind == "dispute" and self.mechanisms.terms == "off"]
        elsewhere = not_played(self.partnership.arrangements, self.services)
        found = doubts(self.levers.pace.rules)
        found += [f"{shown(text)} is agreed of a service that is not among those played" for text in elsewhere]
        return found + [f"the dispute of month {month} does nothing where mechanisms.terms is off" for month in idle]

    @cached_property
    def worked_out(self) -> dict[str, Any]:
        """Cache of `once`; not part of the settings' content or of equality."""
        return {}

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Value derived from these settings under this name, computed once."""
        if name not in self.worked_out:
            self.worked_out[name] = make()
        return cast(Made, self.worked_out[name])

    @property
    def central_values(self) -> dict[str, float]:
        """Register value of each quantity, whatever these settings put in its place."""
        return {f"{topic}.{name}": q.believed for topic, group in self.evidence.items() for name, q in group.items()}

    def on_central_evidence(self) -> "Settings":
        """Copy with every quantity at its register value."""
        moved = {
            topic: group for topic, group in self.evidence.items() if any(q.central is not None for q in group.values())
        }
        if not moved:
            return self
        back = {
            topic: {
                name: q if q.central is None else q.model_copy(update={"value": q.central}) for name, q in group.items()
            }
            for topic, group in moved.items()
        }
        return self.replaced(evidence={**self.evidence, **back})

    @property
    def evidence_values(self) -> dict[str, float]:
        """Evidence as plain numbers by 'topic.quantity'."""
        return self.once("evidence values", self._evidence_values)

    def _evidence_values(self) -> dict[str, float]:
        return {f"{topic}.{name}": q.value for topic, group in self.evidence.items() for name, q in group.items()}

    def met_by(self, replication: int) -> "Settings":
        """The settings that a history is played with: where there is an ensemble, with its draw of the evidence.

        A quantity that was set at a value of one's own keeps it.
        """
        if self.ensemble is None:
            return self
        place = self.ensemble.draw(replication)
        return self.once(f"draw {place}", lambda: self._drawn(place))

    def _drawn(self, place: int) -> "Settings":
        assert self.ensemble is not None
        own, candidate = self.evidence_values, self.ensemble.candidates[place]
        drawn = values(candidate, self.evidence, self.partnership.name, self.ensemble.seed)
        return self._with_evidence_values(drawn | {key: own[key] for key in self.held})

    @cached_property
    def held(self) -> frozenset[str]:
        """Quantities, each 'topic.quantity', that were set at a value of one's own."""
        own, found = self.evidence_values, set()
        for topic, group in self.evidence.items():
            for name, quantity in group.items():
                if quantity.central is not None or own[f"{topic}.{name}"] != quantity.value:
                    found.add(f"{topic}.{name}")
        return frozenset(found)

    def _with_evidence_values(self, values: Mapping[str, float]) -> "Settings":
        """Copy whose histories all use these values in place of the quantities' own; only to be played."""
        made = Settings.model_construct(
            **{name: getattr(self, name) for name in Settings.model_fields} | {"ensemble": None}
        )
        made.share_plan(self)
        made.set_evidence_values(values)
        return made

    def set_evidence_values(self, values: Mapping[str, float]) -> None:
        """Set the evidence values that histories use in place of the quantities; only for settings that are played."""
        self.worked_out["evidence values"] = dict(values)


def changed(levers: Levers, change: Mapping[str, Any]) -> Levers:
    """The levers after a decision, revalidated whole; ValueError names the lever and what is allowed.

    Keys read 'group.lever', with or without 'levers.' before them. Levers that are settled at the start are refused,
    in month 0 too: the programme has been planned from them by then.
    """
    known = {entry["name"]: entry for group in levers.by_class() for entry in entries(group)}
    content = levers.model_dump()
    for key, value in change.items():
        name = key if key.startswith("levers.") else f"levers.{key}"
        if name not in known:
            raise ValueError(f"{shown(name)}: unknown lever{suggestion(name, known)}")
        if known[name]["changes"] == "at the start":
            raise ValueError(f"{name}: can only be chosen at the start, not by a decision")
        _, group, lever = name.split(".")
        content[group][lever] = value
    try:
        return Levers.model_validate(content)
    except ValidationError as error:
        said = refusal(error, lambda place: known.get(".".join(map(str, ("levers", *place)))), lambda _: (), "levers.")
        raise ValueError(str(said)) from None
