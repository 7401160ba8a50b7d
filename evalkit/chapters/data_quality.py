"""Chapter: from rows to persons, what the checks found, what is missing."""

from __future__ import annotations

from collections import Counter

from evalkit.answers import data_quality
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box
from evalkit.present.blocks import Paragraph
from evalkit.present.tables import findings_table, flow_table
from evalkit.present.tables.missing import missing_table
from evalkit.results import Estimate, FlowStep, Withheld


@asks(data_quality.flow)
def flow(report: Report) -> Blocks:
    """Every step from the rows of the registers to the persons analysed."""
    released = report.always("flow", tuple)
    *steps, last = released.result
    if steps and isinstance(last, FlowStep) and all(isinstance(one, Withheld) for one in steps):
        yield Paragraph(report.say("data_quality.flow.withheld", persons=last.count))
        return
    yield flow_table(
        released, report.words, table_id="flow", caption=report.say("data_quality.flow.caption")
    )


@asks(data_quality.findings)
def findings(report: Report) -> Blocks:
    """What the checks found; how often and where only for whoever corrects the file."""
    found = report.always("findings", tuple).result
    if not found:
        yield Paragraph(report.say("data_quality.findings.none"))
        return
    yield findings_table(
        found,
        report.words,
        table_id="findings",
        caption=report.say("data_quality.findings.caption"),
        with_rows=report.is_internal,
    )


@asks(data_quality.completeness)
def completeness(report: Report) -> Blocks:
    """Variables with persons whose value is missing."""
    columns = report.always("missing.columns", tuple).result
    if not columns:
        yield Paragraph(report.say("data_quality.completeness.none"))
        return
    yield missing_table(
        # Each on its own: the variables are not parts of one whole.
        [(column, report.of(f"missing.{column}", Estimate)) for column in columns],
        report.words,
        table_id="completeness",
        caption=report.say("data_quality.completeness.caption"),
    )


@asks(data_quality.conclusions)
def conclusions(report: Report) -> Blocks:
    """What the data can carry."""
    numbers = report.words.numbers
    found = Counter(one.severity for one in report.always("findings", tuple).result)
    persons = report.result("persons", FlowStep)
    can = []
    read = report.always("flow", tuple).result[0]
    if persons is not None and isinstance(read, FlowStep):
        can.append(report.say("data_quality.can.persons", persons=persons.count, rows=read.count))
    verdict = "errors" if found["error"] else "no_errors"
    said = [report.say(f"data_quality.can.{verdict}", count=found["error"])]
    if found["warning"]:
        said.append(report.say("data_quality.can.warnings", count=found["warning"]))
    shares = {
        column: share.value
        for column in report.always("missing.columns", tuple).result
        if (share := report.result(f"missing.{column}", Estimate)) is not None
    }
    if shares:
        most = max(shares, key=lambda column: shares[column])
        said.append(
            report.say(
                "data_quality.can.missing",
                variable=report.words.labels.dimension(most).lower(),
                share=numbers.percent(shares[most]),
            )
        )
    cannot = [report.say("data_quality.cannot.true"), report.say("data_quality.cannot.outside")]
    yield from say_box(report, can=[*can, " ".join(said)], cannot=cannot)
