from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evalkit.intake import IntakeError, read_series
from evalkit.intake.statistics import parse_period
from evalkit.project.model import Project, Series
from evalkit.results import Finding
from tests.intake.conftest import Build

Csv = Callable[..., str]
HEADER = "Område;Månad;Andel"


def _series(file: str, **changes: Any) -> Series:
    text = {"sv": "Arbetslöshet", "en": "Unemployment"}
    base = {
        "id": "unemployment", "title": text, "file": file, "unit": text, "source": "Källa: prov",
        "area_column": "Område", "period_column": "Månad", "value_column": "Andel",
        "area": "Eskilstuna", "reference": "Riket", "period": ("2017-01", "2017-03"),
    }  # fmt: skip
    return Series.model_validate({**base, **changes})


def _checks(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


@pytest.fixture
def project(project_of: Build) -> Project:
    return project_of()


def _lines(area: str, values: str) -> list[str]:
    return [f"{area};2017M{i:02};{value}" for i, value in enumerate(values.split(), start=1)]


def test_a_whole_series_has_no_findings(project: Project, csv: Csv) -> None:
    file = csv("Titel", "", HEADER, *_lines("Eskilstuna", "12,1 12,0 11,9"),
               *_lines("Riket", "7,5 7,4 7,3"))  # fmt: skip
    series, findings = read_series(project, _series(file))
    assert findings == ()
    eskilstuna = series.observations[series.observations["area"] == "Eskilstuna"]
    assert eskilstuna["period"].tolist() == ["2017-01", "2017-02", "2017-03"]
    assert eskilstuna["value"].tolist() == [12.1, 12.0, 11.9]
    assert series.source == "Källa: prov"


def test_gaps_duplicates_symbols_and_missing_areas_are_found(project: Project, csv: Csv) -> None:
    file = csv(HEADER, *_lines("Eskilstuna", "12,1 .. 11,9"), *_lines("Riket", "7,5 <5 ca7"),
               "Eskilstuna;2017M03;9,9", "Riket;maj;7,0", "Riket;2019M01;7,0")  # fmt: skip
    series, findings = read_series(project, _series(file, comparison=("Gävle",)))
    found = _checks(findings)
    assert found["value_absent"].rows == (3,)
    assert found["suppressed_number"].rows == (6,)
    assert found["not_a_number"].rows == (7,)
    assert found["period_twice"].rows == (8,)
    assert found["period_unreadable"].rows == (9,)
    assert found["outside_period"].rows == (10,)
    assert found["area_missing"].listing == ("Gävle",)
    assert found["period_gap"].listing == (
        "Eskilstuna 2017-02", "Eskilstuna 2017-03", "Riket 2017-02", "Riket 2017-03",
    )  # fmt: skip
    # Neither 11,9 nor 9,9 is taken for March: which of them is right is not known.
    assert series.observations["period"].tolist() == ["2017-01", "2017-01"]
    assert series.repeated == (("Eskilstuna", "2017-03"),)


def test_shares_come_with_their_numbers_and_none_without(project: Project, csv: Csv) -> None:
    rows = [_lines(area, "12,1 12,0 11,9") for area in ("Eskilstuna", "Riket")]
    counted = [f"{line};{n}" for own in rows for line, n in zip(own, ("40", "x", "5"), strict=True)]
    file = csv(f"{HEADER};Antal", *counted)
    series, findings = read_series(project, _series(file, n_column="Antal"))
    assert series.observations["n"].tolist() == [40, 5, 40, 5]
    assert _checks(findings)["not_a_number"].rows == (3, 6)
    with pytest.raises(IntakeError, match="Personer"):
        read_series(project, _series(file, n_column="Personer"))


def test_a_row_that_comes_twice_with_the_same_value_is_used_once(
    project: Project, csv: Csv
) -> None:
    file = csv(HEADER, *_lines("Eskilstuna", "12,1 12,0 11,9"), *_lines("Riket", "7,5 7,4 7,3"),
               "Riket;2017M01;7,5")  # fmt: skip
    series, findings = read_series(project, _series(file))
    assert _checks(findings)["period_twice"].rows == (8,)
    assert len(series.observations) == 6
    assert series.repeated == ()


def test_an_area_without_observations_lists_those_there_are(project: Project, csv: Csv) -> None:
    file = csv(HEADER, *_lines("Gävle", "1 2 3"), *_lines("Riket", "1 2 3"))
    with pytest.raises(IntakeError, match=r"'Eskilstuna' .* the areas there are: Gävle, Riket"):
        read_series(project, _series(file))


def test_a_missing_column_is_named(project: Project, csv: Csv) -> None:
    with pytest.raises(
        IntakeError, match=r"expected the columns Område, Månad, Andel .*area_column"
    ):
        read_series(project, _series(csv("Område;Månad", "Riket;2017M01")))


def test_years_as_bounds_hold_their_months(project: Project, csv: Csv) -> None:
    file = csv(HEADER, *_lines("Eskilstuna", "1 2 3"), *_lines("Riket", "1 2 3"))
    series, findings = read_series(project, _series(file, period=("2017", "2017")))
    assert len(series.observations) == 6
    assert _checks(findings)["period_gap"].count == 18  # April to December, two areas


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2017", "2017"),
        ("2017M01", "2017-01"),
        ("2017-01", "2017-01"),
        ("201712", "2017-12"),
        ("2017-01-01", "2017-01"),
        ("2017M13", ""),
        ("", ""),
        ("17", ""),
    ],
)
def test_periods_are_years_or_months(text: str, period: str) -> None:
    assert parse_period(text) == period
