"""Readable names of packages, services, councils and levers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.agents.politics.votes import JOINING
from sim.core import words
from sim.core.inputs.packages import COMMISSION, JOINT, REDESIGN, TIERS, WHOLE

if TYPE_CHECKING:
    from sim.core.inputs.partnership import Partnership
    from sim.engine.settings import Settings

_POSTS = {
    "principle": "the agreement in principle",
    "quick_wins": "the quick wins",
    "chief_executive": "the joint chief executive",
    "management_team": "the joint management team",
    "heads_of_service": "the joint heads of service",
    "service_managers": "the joint service managers",
    "joint_ict": "joint ICT",
    "hr_payroll": "the joint HR and payroll system",
    "accommodation": "shared buildings",
    "terms": "one set of terms and conditions",
    "one_employer": "one employer",
    "company": "the owned company",
    "merger": "the merger",
}
"""Names of packages that concern no service."""
OTHER_PACKAGES = tuple(_POSTS)


def proper_names(partnership: Partnership) -> set[str]:
    """Every word in the names of a partnership and its councils, which keep their capitals inside a sentence."""
    names = [partnership.name, *(council.name for council in partnership.councils)]
    return {word for name in names for word in name.split()}


@dataclass(frozen=True)
class Names:
    """Service titles by key, and the words for packages made from them."""

    services: Mapping[str, str]

    @classmethod
    def of(cls, settings: Settings) -> Names:
        """The names that apply under these settings."""
        return cls({key: service.title for key, service in settings.services.items()})

    def service(self, key: str) -> str:
        """A service's name inside a sentence: "housing", "ICT"."""
        group = re.fullmatch(r"(customer|corporate) (\d+)", key)
        if group:
            return f"{group[1]} services (group {group[2]})"
        if key == WHOLE:
            return "the whole organisation"
        return words.mid(self.services.get(key, words.plain(key)))

    def package(self, name: str) -> str:
        """A package's name: "the joint team for housing"."""
        return self.packages([name])

    def packages(self, names: Iterable[str]) -> str:
        """Several packages as one phrase: "the joint teams for housing and planning"."""
        named = list(dict.fromkeys(names))
        posts = [_POSTS.get(name, words.plain(name)) for name in named if ": " not in name]
        joint = self._services(named, JOINT)
        changed = self._services(named, REDESIGN)
        let = self._services(named, COMMISSION)
        contracts = [f"the contract{'s' if len(let) > 1 else ''} for {words.listed(let)}"] if let else []
        teams = [f"the joint team{'s' if len(joint) > 1 else ''} for {words.listed(joint)}"] if joint else []
        redesigns = [f"the redesign{'s' if len(changed) > 1 else ''} of {words.listed(changed)}"] if changed else []
        entries = [f"the entry of {name.removeprefix(JOINING)}" for name in named if name.startswith(JOINING)]
        return words.listed([*posts, *teams, *redesigns, *contracts, *entries])

    def subjects(self, names: Iterable[str]) -> str:
        """Services or posts that the packages concern: "housing and planning", "the joint chief executive"."""
        named = dict.fromkeys(names)
        return words.listed(self.service(name.split(": ")[1]) if ": " in name else self.package(name) for name in named)

    def _services(self, names: Iterable[str], kind: str) -> list[str]:
        return [self.service(name.split(": ", 1)[1]) for name in names if name.startswith(f"{kind}: ")]

    def cause(self, text: str) -> str:
        """A recorded cause with its packages and codes put into words."""
        kinds = (JOINT, REDESIGN, COMMISSION)
        known = sorted((f"{kind}: {key}" for kind in kinds for key in self.services), key=len, reverse=True)
        for name in (*known, *TIERS):
            text = text.replace(name, self.package(name))
        return words.plain(text)
