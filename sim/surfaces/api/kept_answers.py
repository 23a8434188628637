"""Storage of an answer in a study's folder: a table, a text and a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.pictures.figures.style import svg
from sim.study.files.store import write_bytes, write_csv, write_text
from sim.words.finding import Numbers, StudyFinding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.study.study import Study


def keep(study: Study, answer: StudyFinding[Numbers], figures: Mapping[str, Figure]) -> StudyFinding[Numbers]:
    """Write answers/NAME.csv of every table, answers/NAME.md and figures/NAME.svg of every figure; the answer again."""
    folder = study.folder / "answers"
    folder.mkdir(exist_ok=True)
    for name, table in answer.tables.items():
        write_csv(folder / f"{name}.csv", list(table.columns), table.itertuples(index=False))
    write_text(folder / f"{answer.name}.md", answer.markdown)
    for name, figure in figures.items():
        draw(study, name, figure)
    return answer


def draw(study: Study, name: str, figure: Figure) -> None:
    """Write figures/NAME.svg."""
    figures = study.folder / "figures"
    figures.mkdir(exist_ok=True)
    write_bytes(figures / f"{name}.svg", svg(figure))


def scope(study: Study) -> str:
    """End of a subtitle: partnership, and a note if the study stopped early."""
    if "partnership" in study.cells:
        return f"{study.cells['partnership'].nunique()} partnerships"
    place = study.settings(study.reference).partnership.name
    return f"{place}; stopped before its end" if study.partial else str(place)
