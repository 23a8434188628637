"""The two-page body of a brief: question, plans, answer, figures, reasons, councils, sensitivities, limits."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.core.errors import InputError
from sim.plans.key_words import name, said
from sim.plans.scenario import differing
from sim.surfaces.brief import drawings, kept
from sim.surfaces.brief.blocks import Block, BriefTable, Items, Section, Text, section
from sim.surfaces.brief.brief_source import BriefSource
from sim.surfaces.brief.marks import exact
from sim.words.documents import limits
from sim.words.summary import council_words, findings, review_dates
from sim.words.summary import risk_words as told
from sim.words.summary.advice import advice
from sim.words.summary.sampled_summary import sampled_summary
from sim.words.summary.study_view import View
from sim.words.summary.summary import ALSO, LEGEND, also_differs, change, headline

MOST_CHANGES = 4
"""Most setting differences of a plan that the brief names; the rest are in the decisions log."""
LONGEST_MEANING = 300
"""Most characters of a plan's own description: three lines."""
ONE_LINE = 34
"""Most characters of a row's label that fits on one line beside its figures."""
MANY = 4
"""Number of plans from which figures take more room, so that the council table shows only two plans."""


def body(source: BriefSource) -> list[Section]:
    """The sections of the brief's body, in order."""
    view = source.view
    if view is None:
        return [question(source), *(_sampled(source) if source.study.sampled else _nothing(source))]
    return [
        question(source),
        answer(source, view),
        savings(source, view),
        risks(source, view),
        drives(source, view),
        by_council(source, view),
        changes(source, view),
        look_again(source, view),
        silent(source),
    ]


def question(source: BriefSource) -> Section:
    """Section with the question asked, the partnership, and the plans in words."""
    names = list(source.plans.values())
    place = source.settings.partnership.name
    horizon = _length(source.settings.horizon_months)
    if len(names) == 1:
        asked = f"What would the plan {_quoted(names[0])} bring {place} within {horizon}?"
    elif len(names) == 2:
        asked = f"{_quoted(names[0])} or {_quoted(names[1])}: which should {place} follow?"
    else:
        asked = f"Which of these {words.number(len(names))} plans should {place} follow?"
    why = str(source.study.manifest["study"].get("reason", ""))
    plans = [_plan(source, cell, plan) for cell, plan in source.plans.items()]
    blocks = [
        Text(source.mark(asked)),
        Text(source.mark(words.one_line(why, LONGEST_MEANING)), "Why it is asked") if why else None,
    ]
    more = len(source.study.labels) - len(plans)
    if more > 0 and not source.study.sampled:
        left = Markup(
            "{} more plans were simulated (an exact count); these are worth most, or are the reference."
        ).format(exact(more))
        blocks.append(Text(left))
    return section("question", "The question and the plans", [*blocks, Items(tuple(plans))])


def _quoted(text: str) -> str:
    return f"“{text}”"


def _length(months: int) -> str:
    return words.counted(months // 12, "year") if months % 12 == 0 else words.counted(months, "month")


def _plan(source: BriefSource, cell: str, plan: str) -> tuple[Markup, Markup]:
    """A plan's name and meaning: its own description, and its differences from the reference."""
    settings = source.study.settings(cell)
    meaning = _free(words.one_line(settings.scenario.meaning, LONGEST_MEANING))
    if cell == source.study.reference:
        return source.mark(plan), meaning + Markup(" <i>The reference: others are measured against it.</i>")
    parts = list(_changes(source, cell))
    shown, left = parts[:MOST_CHANGES], len(parts) - MOST_CHANGES
    if left > 0:
        shown.append(Markup("and {} more").format(exact(left)))
    how = Markup(" Unlike the reference: {}.").format(Markup("; ").join(shown)) if shown else Markup("")
    return source.mark(plan), meaning + how


def _free(text: str) -> Markup:
    """Text written by the user, in which figures are not marked as ours."""
    return Markup('<span class="given">{}</span>').format(text)


def _changes(source: BriefSource, cell: str) -> Iterator[Markup]:
    own, usual = differing([source.study.settings(cell), source.settings])
    for key, value in own.items():
        yield Markup('<span class="given">{}: {} instead of {}</span>').format(
            name(key), words.one_line(said(key, value), 80), words.one_line(said(key, usual[key]), 80)
        )
    mine, theirs = source.study.settings(cell), source.settings
    if mine.decisions != theirs.decisions:
        yield Markup("{} dated decisions of its own").format(exact(len(mine.decisions)))
    if mine.shocks != theirs.shocks:
        yield Markup("{} events set beforehand").format(exact(len(mine.shocks)))


def answer(source: BriefSource, view: View) -> Section:
    """Section with the answer in a sentence, the advice, its confidence, and reasons."""
    spoken = advice(view)
    said_first = headline(view)
    rests = limits.rests_on(source.settings)
    scope = f"From {view.scope}: exact counts. {words.start_of(LEGEND)}"
    blocks = [
        Text(source.mark(said_first), weight="answer"),
        Text(source.mark(spoken.do), "What to do"),
        Text(_both(source.mark(spoken.sure), _counted(words.sentence(rests))), "How sure"),
        Text(source.mark(words.sentence(told.in_words(view, told.risk_rows(view)))), "The risk"),
        Text(source.mark(words.sentence(scope)), weight="note"),
        *_stopped(source),
    ]
    return section("answer", "The answer", blocks)


def _both(first: Markup, second: Markup) -> Markup:
    return first + Markup(" ") + second


def _counted(text: str) -> Markup:
    """Text whose only figures are counts."""
    parts = []
    for word in text.split(" "):
        bare = word.strip(",.;:()")
        parts.append(escape(word) if not bare.replace(",", "").isdigit() else _counted_word(word, bare))
    return Markup(" ").join(parts)


def _counted_word(word: str, bare: str) -> Markup:
    before, _, after = word.partition(bare)
    return escape(before) + exact(bare) + escape(after)


def _stopped(source: BriefSource) -> Iterator[Text]:
    if source.study.partial:
        yield Text(
            Markup("The study was stopped before its end; these are the histories that were finished."), "Stopped early"
        )
    for failure in source.study.failed:
        yield Text(_free(words.one_line(failure, LONGEST_MEANING)), "Failed")


def savings(source: BriefSource, view: View) -> Section:
    """Section with the savings fan and payback; text only if no monthly figures were kept."""
    drawn = drawings.fan(view, source.mark) if source.has_months else None
    words_alone = Text(source.mark(words.sentence(findings.payback(view)))) if drawn is None else None
    missing = Text(Markup("No monthly figures can be read, so none are drawn."), weight="note")
    return section("savings", "Savings", [drawn, words_alone, missing if drawn is None else None])


def risks(source: BriefSource, view: View) -> Section:
    """Section with the risks, as dots with intervals and as natural frequencies."""
    return section("risks", "What can go wrong", [drawings.risks(view, source.mark)])


def drives(source: BriefSource, view: View) -> Section:
    """Section on the drivers of the difference: from `tandem why` if kept, else measures that go with it."""
    blocks: list[Block | None] = []
    found: list[Block] = []
    if len(view.plans) == 1:
        blocks.append(Text(Markup("One plan alone has nothing to be told apart from; see what could change it below.")))
    else:
        found = kept.why(source)
        blocks += found or [Text(source.mark(words.sentence(also_differs(view))))]
        if not found:
            text = (
                "To see which lever and which mechanism make the difference: tandem why, with the study and two plans."
            )
            blocks.append(Text(Markup(text), weight="note"))
    return section("drives", "What drives it" if len(view.plans) == 1 or found else ALSO, blocks)


def by_council(source: BriefSource, view: View) -> Section:
    """Section with each council's costs and savings over time."""
    found = council_words.shares(view) if source.has_months else []
    if not found:
        return section(
            "councils", "Council by council", [Text(Markup("The study kept no monthly figures by council."))]
        )
    plans = view.plans if len(view.plans) < MANY else (view.reference, view.others[0])
    mark, rows = source.mark, []
    for share in (share for share in found if share.plan in plans):
        cells = (_deepest(share), council_words.paid_in_words(share.paid), _ranged(share.saving), _ranged(share.net))
        rows.append((_whole(mark(f"{share.council}, {share.plan.mid}")), *(mark(cell) for cell in cells)))
    end = words.counted(view.horizon, "month") if view.horizon % 12 else words.year(view.horizon // 12)
    headings = ("Council, plan", "Lowest balance, £m", "In credit from", "Saves a year at last, £m", "Net in all, £m")
    caption = mark(
        words.sentence(f"middle history and nine in ten, up to {end}; savings and costs as the plan shares them")
    )
    text = council_words.in_words(view, found)
    return section(
        "councils",
        "Council by council: who pays, who saves, when",
        [Text(mark(words.sentence(text))) if text else None, BriefTable(caption, headings, tuple(rows))],
    )


def _whole(label: Markup) -> Markup:
    """A label kept on one line if it is short enough."""
    return Markup(f'<span class="whole">{label}</span>') if len(label.striptags()) <= ONE_LINE else label


def _deepest(share: council_words.CouncilShare) -> str:
    when = f", {words.year(words.year_in_force(share.deepest_month))}"
    return _ranged(share.deepest) + (when if words.decimal(share.deepest.value) != "0.0" else "")


def _ranged(found: Estimate) -> str:
    return words.bracketed(*map(words.decimal, (found.value, found.low, found.high)))


def changes(source: BriefSource, view: View) -> Section:
    """Section with the factors that could change the answer."""
    blocks: list[Block | None] = [Text(source.mark(words.sentence(change(view))))]
    blocks += kept.sensitivity(source)
    return section("changes", "What could change it", blocks)


def look_again(source: BriefSource, view: View) -> Section:
    """Section with the review date, and the values expected then if the plan goes as forecast."""
    by = review_dates.review_by(str(source.study.manifest.get("created", "")))
    text = words.sentence(f"review this brief by {by}, or sooner if budgets, control or the law change") if by else ""
    occasions = words.sentence(review_dates.occasions(view))
    plan = advice(view).plan or view.reference
    found = review_dates.signs(view, plan) if source.has_months else []
    blocks: list[Block | None] = [Text(source.mark(f"{text} {occasions}".strip()))]
    blocks += kept.indicators(source)
    if found:
        blocks.append(_signs(source, plan.mid, found))
    return section("again", "When to look again", blocks)


def _signs(source: BriefSource, plan: str, found: list[review_dates.Sign]) -> BriefTable:
    months = list(dict.fromkeys(sign.month for sign in found))
    rows = []
    for what in dict.fromkeys(sign.what for sign in found):
        mine = {sign.month: sign for sign in found if sign.what == what}
        places = 1 if what.endswith("£m a year") else 0
        ranges = [mine[month].range for month in months]
        cells = [
            words.bracketed(*(words.decimal(value, places) for value in (found.value, found.low, found.high)))
            for found in ranges
        ]
        rows.append((source.mark(words.start_of(what)), *(source.mark(cell) for cell in cells)))
    caption = source.mark(
        f"Under {plan} nine histories in ten lie in these ranges; what falls outside them is a reason to ask again"
    )
    return BriefTable(caption, ("Measure", *(f"Month {month}" for month in months)), tuple(rows))


def silent(source: BriefSource) -> Section:
    """Section with the limits of the model."""
    items = tuple((Markup(""), source.mark(text)) for text in limits.LIMITS)
    return section("limits", "What the model cannot say", [Items(items)])


def _nothing(source: BriefSource) -> list[Section]:
    """Section for a study without a finished history, saying that there is no answer."""
    why = source.unread
    text = Markup("{} So this study has no answer: nothing is drawn, and nothing should be read into it.").format(why)
    blocks = [Text(text, weight="answer"), *_stopped(source)]
    return [section("answer", "The answer", blocks), silent(source)]


def _sampled(source: BriefSource) -> list[Section]:
    """Section for a sampled study: its plans' outcomes over the sample points."""
    try:
        found = sampled_summary(source.study)
    except InputError:
        return _nothing(source)
    blocks: list[Block | None] = [Text(source.mark(found.headline), weight="answer")]
    blocks += [
        BriefTable(
            source.mark(words.sentence(f"{table.headings[0].lower()}: {found.note}")),
            table.headings,
            tuple((source.mark(row[0]), *(source.mark(cell) for cell in row[1:])) for row in table.rows),
        )
        for table in found.tables
    ]
    rests = _counted(words.sentence(limits.rests_on(source.settings)))
    blocks += [Text(rests, "How sure"), *_stopped(source)]
    drivers = kept.sensitivity(source) or [Text(Markup("tandem sensitivity says what decides the result."))]
    return [
        section("answer", "The answer", blocks),
        section("drives", "What drives it", drivers),
        silent(source),
    ]
