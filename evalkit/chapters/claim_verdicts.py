"""The verdict of each published claim in words: one table, in its chapter and on page one."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.answers.claim_verdicts import verdict_id
from evalkit.chapters.report import Report
from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.project import Claim
from evalkit.results import NotEstimable, Withheld
from evalkit.results.claims import ClaimVerdict

TABLE = "claim-verdicts"
BARE = ("points_low", "points_area")  # the unit follows at the other limit


def verdict_of(report: Report, claim: Claim) -> ClaimVerdict | None:
    """The verdict; that it cannot be tested where its figures may not be shown."""
    released = report.answers.get(verdict_id(claim))
    if released is not None and isinstance(released.result, Withheld | NotEstimable):
        return ClaimVerdict(verdict="cannot_be_tested", rule="not_shown")
    return report.result(verdict_id(claim), ClaimVerdict)


def verdicts_table(
    report: Report, claims: Sequence[Claim], *, is_short: bool = False, table_id: str = TABLE
) -> Table:
    """Claim, what the data show, verdict.

    Args:
        report: The released answers.
        claims: Those to list; a claim without a verdict is left out.
        is_short: In the few words that the project file gives it, without what would be needed.
        table_id: Identifier within the report.
    """
    rows = []
    for claim in claims:
        found = verdict_of(report, claim)
        if found is not None:
            name = claim.short if is_short and claim.short is not None else claim.quote
            rows.append((
                Cell(name.in_language(report.language)),
                Cell(shown_text(claim, found, report, is_short=is_short)),
                Cell(report.say(f"verdict.{found.verdict}")),
            ))  # fmt: skip
    columns = tuple(report.say(f"verdict.column.{name}") for name in ("claim", "shown", "verdict"))
    return Table(
        id=table_id, caption=report.say("verdict.caption"), columns=columns, rows=tuple(rows)
    )


def shown_text(claim: Claim, found: ClaimVerdict, report: Report, *, is_short: bool = False) -> str:
    """What the data show, and in full what would be needed for what they cannot show."""
    words, tested = report.words, claim.tested_by
    facts = {name: _fact(name, value, words) for name, value in found.facts.items()}
    for series in report.project.series:
        if tested is not None and tested.series == series.id:
            facts["reference"] = words.labels.inline("area", series.reference)
    short = f"verdict.short.{found.rule}"
    if is_short and short in words.texts:
        return words.say(short, **facts)
    shown = words.say(f"verdict.rule.{found.rule}", **facts)
    if claim.needs is None or is_short:
        return shown
    needs = in_text(claim.needs.in_language(words.language))
    return words.say("verdict.needs", shown=shown, needs=needs)


def in_text(needs: str) -> str:
    """What is needed as a sentence goes on with it: abbreviations keep their capitals."""
    return needs if needs[1:2].isupper() else needs[:1].lower() + needs[1:]


def _fact(name: str, value: float, words: Words) -> str:
    numbers = words.numbers
    kind = name.partition("_")[0]
    if kind == "count":
        return numbers.count(value)
    if kind == "days":
        return numbers.days(value)
    if kind == "points":
        return numbers.bare(value, "percentage_points") if name in BARE else numbers.points(value)
    if name == "bound_low":
        return numbers.bare(value, "percent", decimals=0)
    return numbers.percent(value, decimals=1 if kind == "share" else 0)
