"""What is said and drawn of designs: numbers as computed, words as the design can carry."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pandas as pd
import pytest

from evalkit.language import LANGUAGES, Language
from evalkit.present.charts.period_lines import Shown
from evalkit.present.charts.trends import (
    event_study_figure,
    placebo_figure,
    segmented_figure,
    synthetic_figure,
)
from evalkit.present.labels import words_in
from evalkit.present.sentences.trends import (
    LEVEL_OF,
    Design,
    average_sentence,
    design_sentence,
    event_study_sentences,
    lead_sentences,
    segmented_sentences,
    spread_sentences,
    synthetic_sentences,
)
from evalkit.present.tables.trends import (
    lead_table,
    placebo_table,
    segmented_table,
    weights_table,
)
from evalkit.results import (
    Estimate,
    EventStudy,
    LeadChange,
    LeadOverReference,
    NotEstimable,
    SegmentedTrend,
    SyntheticControl,
    TestResult,
    Withheld,
)
from tests.present.results_of import released, share
from tests.test_language import CAUSAL

# What only a design with comparison areas may say, in either language.
CONNECTED: dict[Language, str] = {"sv": "hänga samman med", "en": "connected with"}
MONTHS = [f"2016-{m:02}" for m in range(1, 13)] + [f"2017-{m:02}" for m in range(1, 13)]


def estimate(measure: str, value: float, half: float, *, group: str = "") -> Estimate:
    return Estimate(
        measure=measure, value=value, low=value - half, high=value + half, unit="rate",
        method="spread_of_areas", confidence_level=0.95, n=7, cells=(), group=group,
    )  # fmt: skip


def a_test(name: str, p: float, *, statistic: float = 2.0, n: int = 7) -> TestResult:
    return TestResult(
        name=name, statistic=statistic, degrees_of_freedom=1, p_value=p, n=n, cells=()
    )


def segmented(value: float = -1.0, half: float = 0.4) -> SegmentedTrend:
    lines = pd.DataFrame(
        {
            "period": MONTHS,
            "observed": [10 - i / 10 for i in range(24)],
            "fitted": [10 - i / 10 for i in range(24)],
            "without_break": [10 - i / 20 for i in range(24)],
        }
    )
    return SegmentedTrend(
        area="Eskilstuna", reference="Riket", intervention="2017-01",
        changes=tuple(
            estimate(m, value, half) for m in ("level_change", "slope_change", "change_at_end")
        ),
        lines=lines, tests=(a_test("breusch_godfrey", 0.2),), autocorrelation=0.1, lag=3,
        n_before=12, n_after=12,
    )  # fmt: skip


def synthetic() -> SyntheticControl:
    placebos = pd.DataFrame(
        {"area": ["Eskilstuna", *"BCDEFG"], "ratio": [3.0, 4.0, 2, 1, 1, 1, 0.5],
         "difference": [-0.27, 0.3, 0, 0, 0, 0, 0.0]}
    )  # fmt: skip
    lines = pd.DataFrame(
        {"period": ["2015", "2016", "2017"], "observed": [5.0, 4.0, 3.0],
         "synthetic": [5.0, 4.1, 3.5]}
    )  # fmt: skip
    return SyntheticControl(
        area="Eskilstuna", intervention="2017", weights={"B": 0.4, "C": 0.6, "D": 0.0},
        lines=lines, difference=-0.27, error_before=0.1, placebos=placebos,
        test=a_test("placebo_rank", 2 / 7), leave_one_out={"B": -0.3, "C": -0.2},
        gaps=lines[["period"]].assign(**{area: [0.0, 0.1, -0.5] for area in placebos["area"]}),
        lines_without=lines[["period"]].assign(B=[5.0, 4.2, 3.6], C=[5.0, 4.0, 3.4]),
    )  # fmt: skip


def study(p: float = 0.3) -> EventStudy:
    return EventStudy(
        differences=tuple(
            estimate("difference_in_change", v, 0.5, group=y)
            for y, v in (("2014", 0.1), ("2015", -0.1), ("2017", 2.0))
        ),
        reference_period="2016", first_treated_period="2017",
        trends_before=a_test("trends_before", p, n=20),
    )  # fmt: skip


def lead(change: float) -> LeadChange:
    def points(measure: str, value: float) -> Estimate:
        return Estimate(
            measure=measure, value=value, low=value - 0.1, high=value + 0.1,
            unit="share_difference", method="newcombe", confidence_level=0.95, n=200,
            cells=(45, 55, 52, 48),
        )  # fmt: skip

    sides = [
        LeadOverReference(
            label=label, reference_share=reference, share=share(k, 100, k / 100 - 0.1, 0.7),
            lead=points("lead", k / 100 - reference),
        )
        for label, k, reference in (("2017", 45, 0.32), ("2018", 52, 0.44))
    ]  # fmt: skip
    return LeadChange(before=sides[0], after=sides[1], change=points("lead_change", change))


def everything_below_a_comparison(language: Language) -> str:
    words = words_in(language)
    spread = [estimate("change_against_reference", v, 0.4, group="A") for v in (-1.0, 0.1)]
    sentences = [
        *(s for row in spread for s in spread_sentences(released(row), words, reference="R")),
        *segmented_sentences(released(segmented(-1, 0.4)), words),
        *segmented_sentences(released(segmented(-1, 4)), words),
        *(s for c in (-0.05, 0.3) for s in lead_sentences(released(lead(c)), words, name="R")),
        *(design_sentence(d, words) for d, level in LEVEL_OF.items() if level != "comparison"),
    ]  # fmt: skip
    return " ".join(sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_design_below_a_comparison_has_a_causal_word(language: Language) -> None:
    text = everything_below_a_comparison(language)
    found = [p for p in CAUSAL[language] if re.search(p, text, flags=re.IGNORECASE)]
    assert found == []
    assert CONNECTED[language] not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("design", get_args(Design))
def test_every_design_has_a_level_and_says_what_it_carries(
    design: Design, language: Language
) -> None:
    sentence = design_sentence(design, words_in(language))
    may = LEVEL_OF[design] == "comparison"
    assert (CONNECTED[language] in sentence) == may
    if may:
        assert re.search(r"^.*\b(Om|If)\b", sentence)  # never without its condition


def test_a_change_within_the_usual_spread_is_said_to_be_no_larger() -> None:
    words = words_in("sv")
    row = estimate("change_against_reference", -0.61, 0.92, group="Eskilstuna")
    first, second = spread_sentences(released(row), words, reference="Riket")
    assert (
        "sjönk Eskilstuna med 0,61 (95\u00a0% konfidensintervall från −1,53 till 0,31 för "
        "förändringen)" in first
    )
    assert "6 andra områden" in first
    assert "rymmer noll" in second


def test_a_null_break_gets_as_many_words_as_a_clear_one() -> None:
    words = words_in("sv")
    clear = segmented_sentences(released(segmented(-1, 0.4)), words)
    unclear = segmented_sentences(released(segmented(-1, 4)), words)
    assert len(clear) == len(unclear) == 4
    assert "januari 2017" in clear[1]
    assert "inget säkert nivåskifte" in unclear[1]


def test_a_rank_is_told_with_the_smallest_it_could_be() -> None:
    text = " ".join(synthetic_sentences(released(synthetic()), words_in("sv")))
    assert "plats 2 av 7" in text
    assert "29\u00a0% av områdena" in text
    assert "inte bli mindre än 14\u00a0%" in text
    assert "från −0,30 till −0,20" in text


def test_areas_that_parted_before_the_start_are_told_and_no_design_is_condemned() -> None:
    words = words_in("sv")
    (together,) = event_study_sentences(released(study(0.3)), words)
    (differed,) = event_study_sentences(released(study(0.01)), words)
    assert "går det inte att säga" in together
    assert "skilde sig åt redan före starten" in differed
    assert "bär inte" not in differed


def test_a_shrinking_lead_is_told_with_its_interval() -> None:
    words = words_in("sv")
    text = " ".join(lead_sentences(released(lead(-0.05)), words, name="riket"))
    assert "45,0\u00a0% (n\u00a0=\u00a0100) mot 32\u00a0% i riket" in text
    assert "krympte med 5,0\u00a0procentenheter" in text
    table = lead_table(released(lead(-0.05)), words, name="Riket", table_id="t", caption="c")
    assert [cell.text for cell in table.rows[-1][4:]] == ["−5,0", "−15,0", "5,0"]


def test_a_project_behind_its_reference_has_no_lead_to_grow() -> None:
    words, found = words_in("sv"), lead(0.05)
    behind = replace(found.before, lead=replace(found.before.lead, value=-0.1, low=-0.2))
    text = " ".join(lead_sentences(released(replace(found, before=behind)), words, name="riket"))
    assert "Jämfört med riket ändrades andelen med 5,0\u00a0procentenheter till projektets" in text
    assert "växte" not in text


def test_a_withheld_lead_has_no_number() -> None:
    hidden = released(Withheld(measure="lead_change", reason="small_count"))
    (text,) = lead_sentences(hidden, words_in("sv"), name="riket")
    assert not re.search(r"\d", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_words_a_table_and_a_start(language: Language) -> None:
    words = words_in(language)
    common = {"caption": "c", "unit": "procent", "source": "s"}
    figures = [
        segmented_figure(
            released(segmented()), words, Shown(figure_id="a", is_synthetic=True, **common)
        ),
        synthetic_figure(released(synthetic()), words, Shown(figure_id="b", **common)),
        event_study_figure(released(study()), words, Shown(figure_id="c", **common)),
    ]
    assert [len(figure.data.rows) for figure in figures] == [24, 3, 3]
    for figure in figures:
        assert figure.svg.startswith("<svg")
        assert "procent" in figure.alt
    assert figures[0].notes == (words.texts["note.synthetic"],)
    assert words.texts["note.synthetic"] in figures[0].alt
    assert segmented_figure(
        released(segmented()), words, Shown(figure_id="a", is_synthetic=True, **common)
    ) == figures[0]  # fmt: skip


def test_areas_without_weight_and_the_most_unusual_area_are_listed() -> None:
    words = words_in("en")
    common = {"table_id": "t", "caption": "c", "source": ""}
    weights = weights_table(released(synthetic()), words, **common)
    assert [row[0].text for row in weights.rows] == ["C", "B", "D"]
    assert weights.rows[-1][2].text == "no weight"
    placebos = placebo_table(released(synthetic()), words, **common)
    assert [row[0].text for row in placebos.rows[:2]] == ["B", "Eskilstuna"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_series_says_that_its_intervals_are_too_narrow(language: Language) -> None:
    from dataclasses import replace

    words = words_in(language)
    told = words.texts.format("trend.segmented.short", n="24")
    arguments = {"table_id": "t", "caption": "c", "source": ""}
    assert told in segmented_table(released(segmented()), words, **arguments).notes
    longer = replace(segmented(), n_before=24, n_after=24)
    notes = segmented_table(released(longer), words, **arguments).notes
    assert not any("100" in note for note in notes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_area_is_drawn_and_told_among_the_placebos(language: Language) -> None:
    figure = placebo_figure(
        released(synthetic()), words_in(language), Shown(figure_id="g", caption="C", unit="%")
    )
    assert figure.data.columns[1:] == ("Eskilstuna", *"BCDEFG")
    assert all(f"{area}: " in figure.alt for area in ("Eskilstuna", *"BCDEFG"))
    assert figure.svg.count("<path") > 7


@pytest.mark.parametrize(("language", "without"), [("sv", "Utan B"), ("en", "Without B")])
def test_the_weighted_areas_are_also_drawn_with_each_left_out(
    language: Language, without: str
) -> None:
    figure = synthetic_figure(
        released(synthetic()), words_in(language), Shown(figure_id="s", caption="C", unit="%")
    )
    assert without in figure.data.columns
    assert [row[figure.data.columns.index(without)].value for row in figure.data.rows] == [
        5.0, 4.2, 3.6,
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("rank", "key"), [(1, "rank_differed"), (9, "rank_together")])
def test_the_one_area_is_judged_by_its_rank_before_the_start(
    language: Language, rank: int, key: str
) -> None:
    from dataclasses import replace

    words = words_in(language)
    placebo = a_test("placebo_before", rank / 40, statistic=rank, n=40)
    found = replace(study(), trends_before=placebo)
    first, second = event_study_sentences(released(found), words, area="Eskilstuna")
    assert "Eskilstuna" in first
    assert f"{rank} " in first
    assert second == words.texts.format(f"trend.event_study.{key}", area="Eskilstuna")


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_few_areas_to_test_all_periods_is_said(language: Language) -> None:
    from dataclasses import replace

    untested = NotEstimable(measure="difference_in_change", reason="too_few_clusters_for_test", n=7)
    (sentence,) = event_study_sentences(
        released(replace(study(), trends_before=untested)), words_in(language)
    )
    assert "7" in sentence


@pytest.mark.parametrize(
    ("language", "unit"), [("sv", "procentenheter"), ("en", "percentage points")]
)
def test_a_change_of_percentages_is_in_percentage_points(language: Language, unit: str) -> None:
    words = words_in(language)
    row = estimate("difference_in_change", -0.27, 0.1)
    bare = average_sentence(released(row), words, area="A")
    told = average_sentence(released(row), words, area="A", is_percentage=True)
    assert unit not in bare
    assert told.count(unit) == 2  # the value and its interval
    mark = "," if language == "sv" else "."
    assert f"−0{mark}27" in told.replace("\u00a0", " ")
    assert f"−0{mark}37" in told
