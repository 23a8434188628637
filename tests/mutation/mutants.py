"""Mutation testing with Cosmic Ray's operators and session: does a quick test notice a small fault?

`python -m mutation.mutants` from `tests/` goes on where it was broken off, as long as neither the program nor the
tests changed, and prints the score. Mutants that no test could fail to notice, because they do not even run
(shifts and bits of fractions, operators between types), are not made: they would only raise the score.
"""

import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

from mutation.trials import ROOT, first_red, load_libraries

_OUTCOMES = ("test_outcomes.py",)
UNIT = {
    "sim/core/ledger.py": ("test_ledger.py", "test_invariants.py"),
    "sim/core/mechanisms.py": ("test_mechanisms.py",),
    "sim/core/luck.py": ("test_luck.py",),
    "sim/core/pools.py": ("test_pool.py", "test_invariants.py"),
    "sim/engine/outcomes/alone_outcomes.py": _OUTCOMES,
    "sim/engine/outcomes/declared.py": _OUTCOMES,
    "sim/engine/outcomes/delivery_outcomes.py": _OUTCOMES,
    "sim/engine/outcomes/member_outcomes.py": _OUTCOMES,
    "sim/engine/outcomes/money_outcomes.py": _OUTCOMES,
    "sim/engine/outcomes/people_outcomes.py": _OUTCOMES,
}
"""The files that are mutated, and the unit tests of each."""
GOLDEN = "test_golden.py"
"""Asked second, where the unit tests see nothing."""
SESSIONS = ROOT / "build" / "mutation"
SAMPLE, SEED = 1000, 20_261_122
"""Mutants tried, drawn with this seed: so many that half the 95% interval of a score of 90% is two points. A larger
sample holds a smaller one."""
_NOT_MADE = frozenset({"BitAnd", "BitOr", "BitXor", "LShift", "RShift", "Invert"})


@dataclass(frozen=True)
class Mutant:
    """One small fault: file, line, what is done there, and the test that was red first (empty: none)."""

    file: str
    line: int
    within: str
    operator: str
    occurrence: int
    red: str = ""

    @property
    def id(self) -> str:
        """A name that stays the same from run to run."""
        return f"{self.file}:{self.operator}:{self.occurrence}"

    @property
    def by_golden(self) -> bool:
        """Whether only the golden scenarios noticed."""
        return GOLDEN in self.red

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.within}, {self.operator.removeprefix('core/')} {self.occurrence}"


@dataclass(frozen=True)
class Score:
    """What became of the mutants that were tried, of all that could be made."""

    tried: Sequence[Mutant]
    made: int

    @property
    def survivors(self) -> list[Mutant]:
        """Those that no test noticed."""
        return [mutant for mutant in self.tried if not mutant.red]

    @property
    def killed(self) -> int:
        """Those that some test noticed."""
        return len(self.tried) - len(self.survivors)

    @property
    def killed_by_unit_tests(self) -> int:
        """Those that the unit tests alone noticed."""
        return self.killed - sum(mutant.by_golden for mutant in self.tried)


def kinds(operators: Sequence[str]) -> list[str]:
    """The operators that are used, of those there are."""
    return [name for name in operators if not _NOT_MADE & set(name.split("_")) and "RemoveDecorator" not in name]


def mutants() -> Iterator[Mutant]:
    """All mutants of all files, in one order."""
    from cosmic_ray.commands.init import _all_work_items

    for item in _all_work_items([ROOT / file for file in UNIT], {}):
        spec = item.mutations[0]
        if kinds([spec.operator_name]):
            file = Path(spec.module_path).relative_to(ROOT).as_posix()
            within = spec.definition_name or "the module"
            yield Mutant(file, spec.start_pos[0], within, spec.operator_name, spec.occurrence)


def text_of(mutant: Mutant) -> str:
    """The file with the fault in it."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    changed: str | None = mutate_code(text, get_operator(mutant.operator)(), mutant.occurrence)
    if changed is None or changed == text:
        raise ValueError(f"{mutant} changes nothing")
    return changed


def tried(mutant: Mutant) -> str:
    """The first red test of a mutant."""
    return first_red(mutant.file, text_of(mutant), [UNIT[mutant.file], [GOLDEN]])


def session() -> Path:
    """The session's file: another one for every state of program, tests and settings."""
    found = hashlib.sha256()
    tests = {GOLDEN, *(name for names in UNIT.values() for name in names)}
    files = [*ROOT.glob("sim/**/*.py"), *ROOT.glob("configs/**/*.yaml"), *(ROOT / "tests" / name for name in tests)]
    for path in sorted(files):
        found.update(path.read_bytes())
    return SESSIONS / f"{found.hexdigest()[:16]}.sqlite"


def score(size: int | None = SAMPLE, workers: int = 0, told: Callable[[str], None] = print) -> Score:
    """Try the sample's mutants, or all of them, those left over from an earlier run first of all."""
    from cosmic_ray.work_db import use_db
    from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult

    everything = list(mutants())
    Random(SEED).shuffle(everything)
    chosen = everything[:size]
    SESSIONS.mkdir(parents=True, exist_ok=True)
    with use_db(str(session())) as known:
        listed = {item.job_id for item in known.work_items}
        known.add_work_items(
            WorkItem.single(m.id, MutationSpec(m.file, m.operator, m.occurrence, (m.line, 0), (m.line, 1)))
            for m in chosen
            if m.id not in listed
        )
        done: dict[str, str] = {name: result.output for name, result in known.results}
        left = [mutant for mutant in chosen if mutant.id not in done]
        for count, (mutant, red) in enumerate(_results(left, workers or os.cpu_count() or 1), start=1):
            outcome = TestOutcome.KILLED if red else TestOutcome.SURVIVED
            known.set_result(mutant.id, WorkResult(WorkerOutcome.NORMAL, output=red, test_outcome=outcome))
            done[mutant.id] = red
            if not red or count % 100 == 0:
                told(f"{count} of {len(left)}: {mutant} {f'seen by {red}' if red else 'SURVIVED'}")
    return Score([replace(mutant, red=done[mutant.id]) for mutant in chosen], len(everything))


def _results(left: Sequence[Mutant], workers: int) -> Iterator[tuple[Mutant, str]]:
    """Each mutant with its first red test, as they come, from processes that hold the libraries ready."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin) as pool:
        yield from zip(left, pool.map(tried, left, chunksize=1), strict=True)


def _begin() -> None:
    os.nice(10)
    load_libraries()


def summary(found: Score) -> str:
    """The score in words."""
    from reached import share

    n = len(found.tried)
    whole = "all that were made" if n == found.made else f"a random sample of {found.made:,}"
    alone = share(found.killed_by_unit_tests, n, "").replace("  ", " ")
    return f"{share(found.killed, n, 'mutants noticed')}, {whole}; by unit tests alone {alone}"


def main(argv: Sequence[str]) -> None:
    """Try the sample, with `--all` every mutant; tell the survivors and the score, with `--json` all there is."""
    found = score(None if "--all" in argv else SAMPLE, told=lambda text: print(text, file=sys.stderr, flush=True))
    for mutant in found.survivors:
        print(mutant.id, mutant)
    print(summary(found))
    if "--json" in argv:
        print(json.dumps({"tried": [asdict(mutant) for mutant in found.tried], "made": found.made}))


if __name__ == "__main__":
    main(sys.argv[1:])
