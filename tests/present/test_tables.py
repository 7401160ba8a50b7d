"""Tables keep the number beside its text, name their method, and never show what is withheld."""

from __future__ import annotations

import dataclasses

import pytest

from evalkit.language import LANGUAGES, Language
from evalkit.present import tables
from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import words_in
from evalkit.results import (
    BeforeAfter,
    Estimate,
    Finding,
    FlowStep,
    Released,
    TargetVerdict,
    Withheld,
)
from tests.present.results_of import ARENA, GROUPS, STEPS, counts, curve, released, series, share

SV = words_in("sv")
H = "\u00a0"


def texts_of(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def estimates(language: Language = "sv") -> Table:
    return tables.estimates_table(
        released(GROUPS), words_in(language), table_id="t", caption="Andelar", dimension="sex"
    )


def test_estimates_stand_with_counts_and_limits() -> None:
    assert texts_of(estimates())[0] == [
        "Kvinnor",
        "267",
        "163",
        f"61,0{H}%",
        f"55,1{H}%",
        f"66,7{H}%",
    ]


def test_cells_hold_the_number_itself() -> None:
    assert estimates().rows[0][3] == Cell(f"61,0{H}%", 163 / 267, "percent", 1)


def test_a_withheld_row_says_so_in_words_and_holds_no_number() -> None:
    table = estimates()

    assert texts_of(table)[1] == ["Män", *["skyddad"] * 5]
    assert all(cell.value is None for cell in table.rows[1])
    assert "”skyddad” betyder att uppgiften inte visas, av hänsyn till enskilda personer." in (
        table.notes
    )


def test_what_cannot_be_computed_is_a_dash_with_its_reason_below() -> None:
    table = estimates("en")

    assert texts_of(table)[2] == ["Non-binary", "0", "–", "–", "–", "–"]
    assert "Non-binary: Cannot be computed: there is nobody in the group." in table.notes


def test_the_note_names_method_and_level() -> None:
    assert estimates().notes[0] == f"95{H}% konfidensintervall: Wilsons metod (1927)."


def test_exact_figures_are_marked() -> None:
    exact = Released((ARENA,), 0, "internal", is_internal=True)

    table = tables.estimates_table(exact, SV, table_id="t", caption="Andelar")

    assert table.notes[-1] == "Internt: exakta uppgifter som inte är prövade för publicering."


def test_row_labels_may_be_given() -> None:
    table = tables.estimates_table(
        released((ARENA,)),
        SV,
        table_id="t",
        caption="x",
        row_labels=["90 dagar"],
        row_heading="Tid",
    )

    assert (table.columns[0], texts_of(table)[0][0]) == ("Tid", "90 dagar")


def test_counts_have_their_share_of_the_printed_total() -> None:
    table = counts([("woman", 10, False), ("man", 30, False), ("", 40, True)], "sex")

    printed = tables.counts_table(released(table), SV, table_id="t", caption="Kön")

    assert texts_of(printed) == [
        ["Kvinnor", "10", f"25,0{H}%"],
        ["Män", "30", f"75,0{H}%"],
        ["Totalt", "40", f"100,0{H}%"],
    ]


def test_a_withheld_count_has_a_withheld_share() -> None:
    table = counts([("woman", None, False), ("man", None, False), ("", 40, True)], "sex")

    printed = tables.counts_table(released(table), SV, table_id="t", caption="Kön")

    assert texts_of(printed)[0] == ["Kvinnor", "skyddad", "skyddad"]


def test_a_sum_is_not_worked_out_where_a_count_is_withheld() -> None:
    table = counts([("woman", None, False), ("man", 30, False)], "sex")

    printed = tables.counts_table(released(table), SV, table_id="t", caption="Kön")

    assert texts_of(printed)[1] == ["Män", "30", "skyddad"]


def test_two_dimensions_stand_against_each_other_with_their_totals() -> None:
    rows = [
        ("woman", "Ystad", 10, False),
        ("woman", "Sjöbo", 7, False),
        ("woman", "", 17, True),
        ("man", "Ystad", 12, False),
        ("man", "Sjöbo", None, False),
        ("man", "", 15, True),
    ]
    table = counts(rows, "sex", "municipality")

    printed = tables.counts_table(released(table), SV, table_id="t", caption="Kön och kommun")

    assert printed.columns == ("Kön", "Ystad", "Sjöbo", "Totalt")
    assert texts_of(printed) == [
        ["Kvinnor", "10", "7", "17"],
        ["Män", "12", "skyddad", "15"],
    ]


def test_a_curve_is_read_as_a_step_function() -> None:
    table = tables.curve_table(
        released(curve({("", ""): STEPS})), SV, table_id="t", caption="x", days=(0, 199, 200, 400)
    )

    # Nothing before the first step, the day itself included from the step on, nothing
    # beyond the follow-up of 365 days.
    assert texts_of(table) == [
        ["0", "100", f"0,0{H}%", "–", "–"],
        ["199", "80", f"10,0{H}%", f"6,0{H}%", f"17,0{H}%"],
        ["200", "80", f"28,0{H}%", f"20,0{H}%", f"37,0{H}%"],
    ]


def test_a_curve_of_several_groups_and_causes_names_both() -> None:
    both = curve({("woman", "employment"): STEPS, ("man", "employment"): STEPS})

    table = tables.curve_table(
        released(both), SV, table_id="t", caption="x", dimension="sex", days=(200,)
    )

    assert table.columns[:3] == ("Kön", "Avslut till", "Dag")
    assert table.row_headers == 3
    assert [row[:3] for row in texts_of(table)] == [
        ["Kvinnor", "Arbete", "200"],
        ["Män", "Arbete", "200"],
    ]


def test_verdicts_stand_in_words() -> None:
    verdict = TargetVerdict(
        estimate=ARENA, goal=0.6, grade="above_uncertain", p_above=0.39, smallest_clear_count=176
    )

    table = tables.verdicts_table([("Arbete", released(verdict))], SV, table_id="t", caption="Mål")

    assert texts_of(table)[0][1] == f"60{H}%"
    assert texts_of(table)[0][-1] == "Över, men inte säkert"


def test_before_and_after_end_in_percentage_points() -> None:
    difference = Estimate(
        measure="difference",
        value=0.1496,
        low=-0.04,
        high=0.328,
        unit="share_difference",
        method="newcombe",
        confidence_level=0.95,
        n=102,
        cells=(),
    )
    compared = BeforeAfter(
        before=share(19, 58, 0.221, 0.456), after=share(21, 44, 0.338, 0.621), difference=difference
    )

    table = tables.before_after_table(released(compared), SV, table_id="t", caption="x")

    assert texts_of(table)[2] == ["Skillnad (procentenheter)", "102", "–", "15,0", "−4,0", "32,8"]
    assert table.rows[2][3] == Cell("15,0", 0.1496, "percentage_points", 1)


def test_a_withheld_comparison_shows_nothing() -> None:
    table = tables.before_after_table(
        released(Withheld(measure="share", reason="small_count")), SV, table_id="t", caption="x"
    )

    assert {text for row in texts_of(table) for text in row[1:]} == {"skyddad"}


FINDING = Finding(
    severity="error",
    check="exit_before_entry",
    file="deltagare.xlsx",
    column="Slutdatum",
    rows=tuple(range(2, 27)),
)


def test_findings_in_a_report_have_no_row_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    finding_known(monkeypatch)
    table = tables.findings_table([FINDING], SV, table_id="t", caption="x")

    assert texts_of(table) == [["Fel", "En mening.", "deltagare.xlsx", "Slutdatum"]]


def test_findings_for_correction_list_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    finding_known(monkeypatch)
    table = tables.findings_table([FINDING], SV, table_id="t", caption="x", with_rows=True)

    assert texts_of(table)[0][-1] == "2–26"


def test_row_numbers_beyond_what_a_cell_can_hold_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finding_known(monkeypatch)
    scattered = dataclasses.replace(FINDING, rows=tuple(range(2, 102, 2)))
    table = tables.findings_table([scattered], SV, table_id="t", caption="x", with_rows=True)

    assert texts_of(table)[0][-1].startswith("2, 4, 6")
    assert texts_of(table)[0][-1].endswith("78, 80 … (10 till)")


def finding_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text for the check, whatever the catalogue calls its own checks."""
    texts = {**SV.texts._texts, "finding.exit_before_entry": "En mening."}
    monkeypatch.setattr(SV.texts, "_texts", texts)


def test_every_step_of_the_flow_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {**SV.texts._texts, "flow.rows_read": "Rader lästa"}
    monkeypatch.setattr(SV.texts, "_texts", texts)
    steps = (
        FlowStep(step="rows_read", count=1200),
        Withheld(measure="rows_read", reason="small_count"),
    )

    table = tables.flow_table(released(steps), SV, table_id="t", caption="x")

    assert texts_of(table) == [
        ["Rader lästa", f"1{H}200", "rader"],
        ["Rader lästa", "skyddad", ""],
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_series_keeps_its_source_and_says_when_it_is_invented(language: Language) -> None:
    words = words_in(language)

    table = tables.series_table(released(series()), words, table_id="t", caption="x")

    assert table.source == "Påhittad källa"
    assert table.notes == (words.texts["note.synthetic"],)
    assert table.columns[1:] == ("Eskilstuna", {"sv": "Riket", "en": "The whole country"}[language])
    assert [cell.value for cell in table.rows[0][1:]] == [14.0, 7.9]
