"""Source of a brief: a study, its audience, and the view, names and marks that every section takes from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.core import words
from sim.core.clock import Clock
from sim.core.errors import InputError
from sim.surfaces.brief.marks import Marker
from sim.words.documents.logs import assumptions_log, data_log
from sim.words.summary.study_view import View

if TYPE_CHECKING:
    from sim.engine.settings import Settings
    from sim.study.study import Study


@dataclass(frozen=True)
class BriefSource:
    """Study and audience of a brief; `complaints` are sentences about the study's files."""

    study: Study
    audience: str
    complaints: tuple[str, ...] = ()

    @cached_property
    def view(self) -> View | None:
        """The plans and their histories; None if no history finished or the study is sampled."""
        if self.study.sampled:
            return None
        try:
            return View(self.study)
        except (InputError, LookupError):
            return None

    @cached_property
    def has_months(self) -> bool:
        """True if the study's monthly figures exist and can be read."""
        try:
            return self.view is not None and not self.study.trajectories.empty
        except InputError:
            return False

    @cached_property
    def unread(self) -> str:
        """Sentence explaining that there is no result, with the reason."""
        try:
            runs = self.study.runs
        except InputError as error:
            return f"{str(error)[0].upper()}{str(error)[1:]}."
        if len(runs):
            return "The results cannot be read as results of this study."
        return "No history was finished."

    @cached_property
    def settings(self) -> Settings:
        """Settings of the reference plan."""
        return self.study.settings(self.study.reference)

    @cached_property
    def plans(self) -> dict[str, str]:
        """Names of the plans by cell: those shown, or one per base plan of a sample."""
        if self.view is not None:
            return {plan.cell: plan.name for plan in self.view.plans}
        entries = self.study.manifest["cells"]
        if not self.study.sampled:
            return {entry["cell"]: words.plan_name(entry["label"]) for entry in entries[:6]}
        firsts = {entry["base"]: entry for entry in reversed(entries)}
        return {entry["cell"]: words.plan_name(entry["scenario"]) for _, entry in sorted(firsts.items())}

    @cached_property
    def mark(self) -> Marker:
        """Marker for the figures in this study's sentences."""
        place = self.settings.partnership
        names = [place.name, *(council.name for council in place.councils), *self.plans.values()]
        if self.view is not None:
            names += [plan.mid for plan in self.view.plans]
        return Marker.of(Clock(place.start_year, place.start_month), names)

    @cached_property
    def assumptions(self) -> list[dict[str, Any]]:
        """The assumptions log of the reference plan."""
        return assumptions_log(self.settings)

    @cached_property
    def data(self) -> list[dict[str, Any]]:
        """The data log of the partnership."""
        return data_log(self.settings)
