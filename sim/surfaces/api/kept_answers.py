"""How an answer is kept in a study's folder: a table, the words, a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.pictures.figures.style import svg
from sim.study.files.store import write_bytes, write_csv, write_text
from sim.words.summary.summary_tables import escaped

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.study.study import Study


def keep(study: Study, name: str, title: str, said: str, table: pd.DataFrame, figure: Figure | None) -> None:
    """Write answers/NAME.csv, answers/NAME.md and, where there is a figure, figures/NAME.svg."""
    answers = study.folder / "answers"
    answers.mkdir(exist_ok=True)
    write_csv(answers / f"{name}.csv", list(table.columns), table.itertuples(index=False))
    write_text(answers / f"{name}.md", _markdown(title, said))
    if figure is not None:
        draw(study, name, figure)


def draw(study: Study, name: str, figure: Figure) -> None:
    """Write figures/NAME.svg."""
    figures = study.folder / "figures"
    figures.mkdir(exist_ok=True)
    write_bytes(figures / f"{name}.svg", svg(figure))


def scope(study: Study) -> str:
    """What a subtitle ends with: whose partnership, and whether the study is whole."""
    if "partnership" in study.cells:
        return f"{study.cells['partnership'].nunique()} partnerships"
    place = study.settings(study.reference).partnership.name
    return f"{place}; stopped before its end" if study.partial else str(place)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table for machines, a dictionary a line, missing values as null."""
    rows = table.to_dict(orient="records")
    return [{str(key): None if value != value else value for key, value in row.items()} for row in rows]


def _markdown(title: str, said: str) -> str:
    lines = [escaped(line) for line in said.splitlines()]
    return "\n\n".join([f"# {escaped(title)}", *lines]) + "\n"
