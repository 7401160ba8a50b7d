"""Chapter: from rows to persons, what the checks found, what is missing."""

from __future__ import annotations

from evalkit.answers.measures import missing_shares
from evalkit.answers.study import Study
from evalkit.chapters.section import Blocks, say_box, section
from evalkit.present.blocks import Paragraph
from evalkit.present.tables import findings_table, flow_table
from evalkit.present.tables.missing import missing_table
from evalkit.results import FlowStep


@section
def flow(study: Study) -> Blocks:
    """Every step from the rows of the registers to the persons analysed."""
    yield flow_table(
        study.through_door(study.flow),
        study.words,
        table_id="flow",
        caption=study.words.texts["data_quality.flow.caption"],
    )


@section
def findings(study: Study) -> Blocks:
    """What the checks found; row numbers only for whoever corrects the file, never in a report."""
    texts = study.words.texts
    if not study.findings:
        yield Paragraph(texts["data_quality.findings.none"])
        return
    yield findings_table(
        study.findings,
        study.words,
        table_id="findings",
        caption=texts["data_quality.findings.caption"],
        with_rows=study.purpose == "explore",
    )


@section
def completeness(study: Study) -> Blocks:
    """Variables with persons whose value is missing."""
    texts = study.words.texts
    missing = missing_shares(study)
    if not missing:
        yield Paragraph(texts["data_quality.completeness.none"])
        return
    yield missing_table(
        # Each on its own: the variables are not parts of one whole.
        [(estimate.group, study.through_door(estimate)) for estimate in missing],
        study.words,
        table_id="completeness",
        caption=texts["data_quality.completeness.caption"],
    )


@section
def conclusions(study: Study) -> Blocks:
    """What the data can carry."""
    texts, numbers = study.words.texts, study.words.numbers
    errors = [finding for finding in study.findings if finding.severity == "error"]
    persons = FlowStep(step="persons_analysed", count=len(study.persons), unit="persons")
    can = []
    if isinstance(study.through_door(persons).result, FlowStep):
        can.append(
            texts.format(
                "data_quality.can.persons",
                persons=numbers.count(persons.count),
                rows=numbers.count(study.flow[0].count),
            )
        )
    if errors:
        can.append(texts.format("data_quality.can.errors", count=numbers.count(len(errors))))
    else:
        can.append(texts["data_quality.can.no_errors"])
    cannot = [texts["data_quality.cannot.true"], texts["data_quality.cannot.outside"]]
    yield from say_box(study, can=can, cannot=cannot)
