"""Chapter: the Social Fund's common indicators, and the same exits by two other definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evalkit.answers import equity, esf_indicators, other_funders
from evalkit.answers.esf_indicators import AFTER, CodeList, codes_of, work_results
from evalkit.chapters.equity import equity_part
from evalkit.chapters.not_followed_up import Asked, follow_up_part
from evalkit.chapters.other_funders import (
    before_and_after_part,
    reconciliation_part,
    side_by_side_part,
)
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable
from evalkit.present.blocks import Box, Cell, Paragraph, Table
from evalkit.present.sentences import outcome_is
from evalkit.present.sentences.follow_up import did_text
from evalkit.present.tables.indicators import (
    SEX_COLUMNS,
    TOTAL,
    CodeLine,
    ResultLine,
    checks_table,
    codes_table,
    results_table,
)
from evalkit.present.tables.missing import missing_table
from evalkit.results import Estimate

_PROGRAMME_OF = {"esf_2014_2020": "esf_2014_2020", "esf_plus_2021_2027": "esf_plus"}
_DIMENSIONS = {"": "record", "after": "after_leaving"}
Figures = dict[str, Any]


@asks(esf_indicators.records)
def records(report: Report) -> Blocks:
    """How many records there are, how many count, and what the others lack."""
    codes = codes_of(report.project)
    if report.project.programme != _PROGRAMME_OF[codes.id]:
        yield Box(
            "note", report.say("esf.illustration.title"), (report.say("esf.illustration.text"),)
        )
    else:
        yield _map(report)
    for part, figures in _parts(report):
        yield codes_table(
            _level_lines(report, figures, ("complete", "incomplete")),
            report.words,
            table_id=_numbered("esf-records", part),
            caption=_in_region(report, "esf.records.caption", part),
            first_columns=("record",),
        )
    yield Paragraph(report.say(f"esf.records.{codes.id}"))
    yield _share_table(report, "lost")
    if report.always("esf.refused", tuple).result:
        yield _share_table(report, "refused")
        yield Paragraph(report.say("esf.refused.text"))
    regions = (
        report.words.labels.inline("region_category", category)
        for category in report.always("esf.regions", tuple).result
    )
    yield Paragraph(report.say("esf.regions", regions=report.words.labels.all_of(regions)))


@asks(esf_indicators.tables)
def outputs(report: Report) -> Blocks:
    """Output indicators: who took part, by situation at entry."""
    codes = codes_of(report.project)
    for part, figures in _parts(report):
        lines = [
            CodeLine(
                code=indicator.code,
                text=indicator.label.in_language(report.language),
                counts=figures["outputs"].get(indicator.code, {}),
            )
            for indicator in codes.of_kind("output", "entity")
        ]
        yield codes_table(
            lines,
            report.words,
            table_id=_numbered("esf-outputs", part),
            caption=_in_region(report, "esf.outputs.caption", part),
            notes=(*_absent_note(report, part, "output"), report.say("esf.note.entities")),
            source=codes.source.in_language(report.language),
        )


@asks(esf_indicators.tables)
def immediate_results(report: Report) -> Blocks:
    """Results upon leaving: the last event within four weeks decides."""
    yield from _results(report, "immediate_result", "immediate")


@asks(esf_indicators.tables)
def longer_term_results(report: Report) -> Blocks:
    """Results six months after leaving."""
    yield from _results(report, "longer_term_result", "longer_term")


@asks(esf_indicators.not_followed_up)
def not_followed_up(report: Report) -> Blocks:
    """Those whose situation six months after leaving nobody knows, and what they could change."""
    code = work_results(codes_of(report.project))["longer_term_result"].code
    for part, figures in _parts(report):
        found = figures["results"].get(code, {})
        if TOTAL not in found:
            yield Paragraph(report.say("follow_up.not_recorded"))
            continue
        yield from until_not_computable(report, _not_followed_up(report, part, code, found))


@asks(esf_indicators.tables)
def after_leaving(report: Report) -> Blocks:
    """Work, education or programme upon leaving, started against finished, by sex."""
    for part, figures in _parts(report):
        yield codes_table(
            _level_lines(report, figures, (*AFTER, "incomplete")),
            report.words,
            table_id=_numbered("esf-after-leaving", part),
            caption=_in_region(report, "esf.after_leaving.caption", part),
            first_columns=("after_leaving",),
        )


@asks(other_funders.reconciliation)
def side_by_side(report: Report) -> Blocks:
    """The result of the same exits by the project's, Kolada's, SUS's and the fund's definitions."""
    yield from side_by_side_part(report)


@asks(other_funders.reconciliation)
def reconciliation(report: Report) -> Blocks:
    """Step by step from one share to the other: whom one definition counts and the next not."""
    yield from reconciliation_part(report)


@asks(other_funders.before_and_after)
def before_and_after(report: Report) -> Blocks:
    """Employment and income support of those who have left, before and after."""
    yield from before_and_after_part(report)


@asks(esf_indicators.validation)
def validation(report: Report) -> Blocks:
    """The validation tests and their outcomes."""
    found = report.always("esf.validation", tuple).result
    held = sum(verdict == "holds" for _, _, verdict in found)
    yield Paragraph(report.say("esf.validation.said", held=held, all=len(found)))
    lines = [
        (
            report.say(f"esf.check.{check}"),
            formula.replace("complete", report.say("esf.check.complete"))
            or report.say("cannot.marker"),
            report.say(f"esf.verdict.{verdict}"),
        )
        for check, formula, verdict in found
        if verdict != "holds"
    ]
    if lines:
        yield checks_table(
            lines,
            report.words,
            table_id="esf-validation",
            caption=report.say("esf.validation.caption"),
        )


@asks(equity.women_and_men)
def women_and_men(report: Report) -> Blocks:
    """The gap between women and men in the main results."""
    yield from equity_part(report)


@asks(esf_indicators.tables)
def conclusions(report: Report) -> Blocks:
    """What the indicators can carry."""
    yield from say_box(
        report,
        can=[" ".join(_counted(report)), report.say("esf.can.definitions")],
        cannot=[
            *(report.say(f"esf.cannot.{key}") for key in ("cause", "not_yet", "compare", "small")),
            report.say("follow_up.cannot"),
        ],
    )


def _map(report: Report) -> Table:
    """The headings of the Social Fund's final report, and the parts that have their figures."""
    return Table(
        id="esf-map",
        caption=report.say("esf.map.caption"),
        columns=(report.say("esf.map.heading"), report.say("esf.map.part")),
        rows=tuple(
            tuple(Cell(report.say(f"esf.map.{name}.{column}")) for column in ("heading", "part"))
            for name in ("summary", "idea", "results", "equal")
        ),
    )


def _counted(report: Report) -> Iterator[str]:
    """How many count, and the results in work that may be shown; of one category of region."""
    (_, figures), *others = _parts(report)
    complete, everyone = (
        figures["levels"].get(level, {}).get(TOTAL) for level in ("complete", TOTAL)
    )
    words = report.words
    if complete is not None and everyone is not None and not others:
        counted, every = words.numbers.count(complete), words.numbers.count(everyone)
        key = "esf.can.all" if complete == everyone else "esf.can.records"
        yield words.say(key, counted=counted, all=every)
    for kind, indicator in work_results(codes_of(report.project)).items():
        own = figures["results"].get(indicator.code, {}).get(TOTAL)
        row = own["share"] if own and not others else None
        if isinstance(row, Estimate):
            yield words.say(f"esf.can.{kind}", row, k=row.cells[0])


def _parts(report: Report) -> Iterator[tuple[str, Figures]]:
    """Each category of region with its figures; one without a name where there is only one."""
    for part in report.always("esf.parts", tuple).result:
        yield part, report.always(f"esf.{part}", dict).result


def _level_lines(report: Report, figures: Figures, levels: Sequence[str]) -> list[CodeLine]:
    """Lines without a code of their own: levels such as ``after:studies``, then the total."""
    labels, lines = report.words.labels, []
    for level in levels:
        dimension, _, name = level.rpartition(":")
        text = labels.level(_DIMENSIONS[dimension], name)
        lines.append(CodeLine(code="", text=text, counts=figures["levels"].get(level, {})))
    total = report.say("label.total")
    return [*lines, CodeLine(code="", text=total, counts=figures["levels"].get(TOTAL, {}))]


def _results(report: Report, kind: Any, name: str) -> Blocks:
    codes = codes_of(report.project)
    recorded = {
        code
        for _, figures in _parts(report)
        for code, found in figures["results"].items()
        if TOTAL in found
    }
    labels = tuple(
        report.say("esf.note.code", code=one.code, text=one.label.in_language(report.language))
        for one in codes.of_kind(kind)
        if one.code in recorded
    )
    is_unknown = report.always("ends_unknown", bool).result
    unknown = (report.say("esf.note.ends_unknown"),) if is_unknown else ()
    for part, figures in _parts(report):
        yield results_table(
            list(_result_lines(report, figures, codes, kind)),
            report.words,
            table_id=_numbered(f"esf-{name.replace('_', '-')}", part),
            caption=_in_region(report, f"esf.{name}.caption", part),
            notes=(
                *labels,
                report.say("esf.note.columns"),
                report.say(f"esf.{name}.note"),
                *_absent_note(report, part, kind),
                *unknown,
            ),
            source=codes.source.in_language(report.language),
        )


def _result_lines(
    report: Report, figures: Figures, codes: CodeList, kind: Any
) -> Iterator[ResultLine]:
    """Each result for all, women, men and non-binary; one empty line where nobody records it."""
    labels = report.words.labels
    for indicator in codes.of_kind(kind):
        found = figures["results"].get(indicator.code, {})
        for sex in (TOTAL, *SEX_COLUMNS) if TOTAL in found else (TOTAL,):
            own = found.get(sex)
            yield ResultLine(
                code=indicator.code,
                text=report.say("label.total") if sex == TOTAL else labels.level("sex", sex),
                counts=own["counts"] if own else {},
                share=own["share"] if own else None,
            )


def _not_followed_up(report: Report, part: str, code: str, found: Figures) -> Blocks:
    """Of the result in work six months after leaving, by what its table shows."""
    words, counts = report.words, found[TOTAL]["counts"]
    if None in (counts["observed"], counts["no_information"], counts["reached"]):
        yield Paragraph(words.say("withheld.protected"))
        return
    asked = Asked(
        id=_numbered(f"follow-up-{code.lower()}", part),
        of=f"{code}{part}",
        title=f" ({words.say('follow_up.indicator', code=code)})",
        did=did_text(words, outcome_is(words, "employment"), kind="being"),
        missing=report.project.indicators.missing,
        hides_sexes=any(
            found[sex]["counts"][name] is None
            for sex in SEX_COLUMNS
            if sex in found
            for name in ("observed", "no_information")
        ),
        tells_not_yet=counts["started"] is not None,
    )
    yield from follow_up_part(report, asked)


def _absent_note(report: Report, part: str, kind: str) -> tuple[str, ...]:
    """Codes that the register cannot tell, where there are any."""
    absent = report.always(f"esf.{part}.absent", dict).result[kind]
    if not absent:
        return ()
    listed = report.words.labels.all_of(absent)
    return (report.say("esf.note.not_collected", codes=listed),)


def _share_table(report: Report, name: str) -> Table:
    variables = report.always(f"esf.{name}", tuple).result
    return missing_table(
        [(variable, report.of(f"esf.{name}.{variable}", Estimate)) for variable in variables],
        report.words,
        table_id=f"esf-{name}",
        caption=report.say(f"esf.{name}.caption"),
    )


def _numbered(table_id: str, part: str) -> str:
    return f"{table_id}-{part.replace('_', '-')}" if part else table_id


def _in_region(report: Report, key: str, part: str) -> str:
    """The caption, with the category of region where there are several."""
    if not part:
        return report.say(key)
    region = report.words.labels.inline("region_category", part)
    return report.say("esf.in_region", caption=report.say(key), region=region)
