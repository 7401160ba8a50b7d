"""Sentences, tables and charts of the questions after the exit, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evalkit.language import LANGUAGES, Language
from evalkit.present.charts.after_leaving import stacked_states_figure
from evalkit.present.charts.canvas import NARROW_MM, handed_out
from evalkit.present.charts.intervals import two_leads_figure
from evalkit.present.labels import words_in
from evalkit.present.sentences.after_leaving import (
    days_sentence,
    return_sentence,
    share_on_day_sentences,
    sustained_sentence,
)
from evalkit.present.sentences.areas import areas_sentences, bad_year_sentences
from evalkit.present.sentences.claims import feasible_difference_sentences
from evalkit.present.sentences.equity import (
    decisive_sentences,
    equity_sentences,
    looked_at_sentence,
)
from evalkit.present.sentences.same_persons import same_persons_sentences
from evalkit.present.sentences.society import cost_anyway_sentences, society_sentences
from evalkit.present.sentences.trends import years_before_sentence
from evalkit.present.tables.society import prices_table, society_table
from evalkit.results import (
    BoundedShare,
    DaysRange,
    FeasibleCounts,
    FeasibleDifference,
    Flow,
    NotEstimable,
    StateCurves,
    SustainedWork,
    YearsBefore,
)
from evalkit.statistics.costs import cost_if_found_anyway
from evalkit.statistics.shares.equity import equity_gaps
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.shares.same_persons import overlapping_cohorts, same_persons
from evalkit.statistics.society import StatedRange, kronor_by_actor
from evalkit.statistics.states.on_a_day import bounds_of
from evalkit.statistics.time_to_event.decisive_figure import grouped_difference
from evalkit.statistics.time_to_event.grouped import gray_like_test
from evalkit.statistics.trends.randomisation import randomised_areas
from tests.present.results_of import released
from tests.statistics.test_grouped_curves import persons_in_blocks
from tests.statistics.time_to_event.test_decisive_figure import exits, made
from tests.statistics.trends.test_after_a_bad_year import found_for, panel


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def bounded(x: int, known: int, n: int) -> BoundedShare:
    low, high, outer_low, outer_high = bounds_of(x, known, n)
    return BoundedShare(
        day=90, of_known=proportion(events=x, n=known), low=low, high=high,
        outer_low=outer_low, outer_high=outer_high, in_state=x, known=known, n=n,
    )  # fmt: skip


def test_still_in_work_is_told_as_the_method_tells_it() -> None:
    # METHODS 1: 84 of 118 known of 126: 71 per cent, 62–79; bounds 67 and 73.
    first, tenths = share_on_day_sentences(released(bounded(84, 118, 126)), words_in("sv"))
    assert plain(first) == (
        "Av 126 som gick till arbete vet vi läget för 118 efter 90 dagar: 84 arbetade då "
        "(71,2 %; 95 % konfidensintervall 62,4–78,6 %). Om alla okända arbetade är "
        "det 73,0 %, om ingen gjorde det 66,7 %."
    )
    assert plain(tenths) == "Det är ungefär 7 av 10."


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_few_known_the_bounds_come_first_and_no_tenths(language: Language) -> None:
    (only,) = share_on_day_sentences(released(bounded(40, 60, 126)), words_in(language))
    low, known = plain(only).index("31"), plain(only).index("66")  # 40/126 before 40/60
    assert low < known


@pytest.mark.parametrize("language", LANGUAGES)
def test_everyone_known_has_no_bounds(language: Language) -> None:
    told, _ = share_on_day_sentences(released(bounded(40, 60, 60)), words_in(language))
    assert plain(told).count("66") == 1


def test_sustained_from_contacts_is_every_time_we_asked() -> None:
    found = SustainedWork(
        day=90, kind="contacts", sustained=45, undecided=5, ended=10,
        low=0.75, high=5 / 6, outer_low=0.63, outer_high=0.9,
    )  # fmt: skip
    told = sustained_sentence(released(found), words_in("en"))
    assert "every time they were asked" in told
    dated = sustained_sentence(released(replace(found, kind="changes")), words_in("en"))
    assert "throughout" in dated
    assert "asked" not in dated


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_an_estimate_or_a_range(language: Language) -> None:
    words = words_in(language)
    assert "142" in days_sentence(
        released(DaysRange(horizon=180, low=125.5, high=142.1, n=60)), words, horizon=180
    )
    row = replace(proportion(events=30, n=60), unit="days", value=142.6, low=130.0, high=150.0)
    assert "143" in days_sentence(released(row), words, horizon=180)
    assert "50" in return_sentence(released(proportion(events=30, n=60)), words, day=180)


def curves() -> StateCurves:
    days = np.array([0, 30, 60, 90])
    shares = np.array([[1, 0, 0], [0.8, 0.15, 0.05], [0.7, 0.2, 0.1], [0.66, 0.3, 0.04]])
    return StateCurves(
        days=days, states=("work", "unemployed", "unknown"), shares=shares,
        standard_errors=shares * 0, followed=np.array([60, 55, 40, 20]), last_day=90, n=60,
        horizon=90.0, mean_days=np.array([70.0, 15.0, 5.0]), mean_days_errors=np.zeros(3),
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_stacked_states_have_their_numbers_and_words(language: Language) -> None:
    figure = stacked_states_figure(
        released(curves()), words_in(language), figure_id="s", caption="Caption"
    )
    assert [row[-1].value for row in figure.data.rows] == [60, 55, 40, 20]
    for row in figure.data.rows:
        assert sum(cell.value or 0 for cell in row[1:-1]) == pytest.approx(1)
    assert "66" in figure.alt
    again = stacked_states_figure(
        released(curves()), words_in(language), figure_id="s", caption="Caption"
    )
    assert (figure.svg, figure.narrow) == (again.svg, again.narrow)


def test_on_a_phone_every_state_is_named_above_the_areas() -> None:
    with handed_out(NARROW_MM) as drawn:
        stacked_states_figure(released(curves()), words_in("en"), figure_id="s", caption="C")
    (axes,) = drawn[0].axes
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "Not known",
        "Unemployed",
        "At work",
    ]
    figure = stacked_states_figure(released(curves()), words_in("en"), figure_id="s", caption="C")
    assert 'id="s-narrow-title"' in figure.narrow


def test_days_that_are_not_shown_have_no_number_followed_and_no_level() -> None:
    """Of days 0 and 180 only: no number at three months, and nobody is unknown up to the sixth."""
    shares = np.array([[0.5, 0.3, 0.2], [0.4, 0.6, 0.0]])
    two = replace(
        curves(), days=np.array([0, 180]), shares=shares, standard_errors=shares * 0,
        followed=np.array([180, 171]), last_day=180, n=180,
    )  # fmt: skip
    with handed_out(170) as drawn:
        stacked_states_figure(released(two), words_in("en"), figure_id="s", caption="C")
    (axes,) = drawn[0].axes
    assert {"180", "171"} == {text.get_text() for text in axes.texts} & {"180", "171"}
    assert [text.get_text() for text in axes.texts].count("171") == 1
    legend = axes.get_legend()
    assert legend is not None  # whoever is unknown at first has no label at the end
    assert "Not known" in {text.get_text() for text in legend.get_texts()}
    corners = {tuple(one) for one in axes.collections[0].get_paths()[0].vertices.tolist()}
    assert (180.0, 0.5) not in corners  # a step would keep the first level to the last day


def test_same_persons_are_told_as_the_method_tells_it() -> None:
    # METHODS 2: of 145, 40 started and 3 stopped, 102 unchanged; 26 points, 17–33; 18 to 38.
    found = same_persons(both=12, before_only=3, after_only=40, neither=90, unknown_after=(4, 31))
    told = [plain(text) for text in same_persons_sentences(released(found), words_in("sv"))]
    assert told[0] == (
        "Av 145 personer med känt läge båda gångerna fick 40 det och 3 miste det; "
        "102 var oförändrade."
    )
    assert "25,5 procentenheter" in told[1]
    assert "17,5" in told[1]
    assert "18,3–37,8 procentenheter" in told[2]
    assert "tid gått" in told[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_missing_come_first_and_nobody_changing_is_said(language: Language) -> None:
    words = words_in(language)
    few = same_persons(both=5, before_only=0, after_only=0, neither=15, unknown_after=(4, 6))
    told = same_persons_sentences(released(few), words)
    assert "10" in told[0]
    assert words.texts["same_persons.nobody"] in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_overlapping_cohorts_say_how_many_are_in_both(language: Language) -> None:
    found = overlapping_cohorts(in_both=(10, 4, 18, 20), only_before=(9, 30), only_after=(15, 25))
    (told,) = same_persons_sentences(released(found), words_in(language))
    assert "52" in told


def test_one_feasible_pair_is_known_counts() -> None:
    # Of 32.8 % of 128 and 47.7 % of 130 only 42 and 62 fit.
    sides = [
        FeasibleCounts(value=v, decimals=1, counts=((k, n),), largest_n_searched=n)
        for v, k, n in ((0.328, 42, 128), (0.477, 62, 130))
    ]
    pair = {"k_before": 42, "n_before": 128, "k_after": 62, "n_after": 130,
            "value": 62 / 130 - 42 / 128, "low": 0.029, "high": 0.263}  # fmt: skip
    claim = FeasibleDifference(
        before=sides[0], after=sides[1], pairs=pd.DataFrame([pair]), method="newcombe",
        confidence_level=0.95,
    )  # fmt: skip
    (told,) = feasible_difference_sentences(released(claim), words_in("sv"))
    assert "42 av 128" in plain(told)
    assert "anges inte" not in told


def test_two_of_twelve_are_told_as_the_method_tells_it() -> None:
    change = [4.1, 5.5, *np.linspace(-1.2, 1.0, 10)]
    found = randomised_areas(change, [1, 1] + [0] * 10)
    first, second = (plain(t) for t in areas_sentences(released(found), words_in("sv")))
    assert first.startswith("De 2 områdena med insatsen ökade 4,90 mer än de 10 andra")
    assert second == (
        "Av 66 sätt att välja 2 områden av 12 ger inget annat så stor skillnad "
        "(p = 0,015, det minsta som går)."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", ["differed", "alike", "cannot_tell"])
def test_the_years_before_have_three_answers_and_no_verdict_on_the_design(
    language: Language, answer: Any
) -> None:
    before = YearsBefore(
        answer=answer, p_value=0.4, smallest_p=1 / 66, widest=2.0, margin=3.0,
        n_treated=2, n_others=10,
    )  # fmt: skip
    told = years_before_sentence(before, words_in(language))
    assert "utformning" not in told
    assert "design" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bad_year_says_first_what_it_could_have_found(language: Language) -> None:
    words = words_in(language)
    values = panel(1)
    found = found_for(values, 6, int(np.argmin(values[5])))
    told = bad_year_sentences(released(found), words)
    assert "20" in told[0]
    assert told[-1] == words.texts["areas.bad_year.unclear"]
    unknown = bad_year_sentences(released(replace(found, is_judged=False, guard="chosen_unknown")),
                                 words)  # fmt: skip
    assert unknown[-1] == words.texts["areas.bad_year.guard.chosen_unknown"]
    four_years = bad_year_sentences(released(found_for(panel(1, before=4), 4, 0)), words)
    assert any(words.texts["areas.bad_year.roughly"] in one for one in four_years)
    figure = two_leads_figure(released(found), words, figure_id="leads")
    assert [row[1].value for row in figure.data.rows] == [
        round(found.unadjusted.value, 2), round(found.adjusted.value, 2),
    ]  # fmt: skip


def test_a_fall_after_a_bad_year_is_told_as_a_rise_is() -> None:
    """Unemployment: the mirror image of a share at work has the same verdict and interval."""
    words = words_in("sv")
    row = found_for(panel(7), 6, 0)
    risen = replace(
        row,
        adjusted=replace(row.adjusted, value=2.0, low=0.5, high=3.5),
        unadjusted=replace(row.unadjusted, value=5.0, low=1.0, high=9.0),
        change=8.0, expected=6.0, dip=-9.0, is_judged=True, guard="",
    )  # fmt: skip
    fallen = replace(
        risen,
        adjusted=replace(row.adjusted, value=-2.0, low=-3.5, high=-0.5),
        unadjusted=replace(row.unadjusted, value=-5.0, low=-9.0, high=-1.0),
        change=-8.0, expected=-6.0, dip=9.0,
    )  # fmt: skip
    up, down = (
        [plain(text) for text in bad_year_sentences(released(one), words)]
        for one in (risen, fallen)
    )
    assert up[3].partition("ökade")[2] == down[3].partition("minskade")[2] != ""
    assert "2,00 mer än väntat" in down[3] and "0,50–3,50" in down[3]
    assert up[-1] == down[-1] == words.texts["areas.bad_year.clear"]
    assert "höga utgångsläget" in down[4]
    # Fell, but less than was to be expected.
    less = replace(fallen, adjusted=replace(row.adjusted, value=1.0, low=-1.0, high=3.0))
    told = [plain(text) for text in bad_year_sentences(released(less), words)]
    assert "minskade 8,00: 1,00 mindre än väntat" in told[3]
    assert told[-1] == words.texts["areas.bad_year.unclear"]


def test_a_gap_is_told_as_the_method_tells_it() -> None:
    places = [((40, 90), (60, 100)), ((22, 50), (20, 48))]
    words = words_in("sv")
    one = equity_sentences(
        released(equity_gaps(places[:1], looked_at=12)), words,
        women=proportion(events=40, n=90), men=proportion(events=60, n=100),
    )  # fmt: skip
    assert "15,6 procentenheter lägre" in plain(one[0])
    assert "12 skillnader" in plain(one[-1])
    assert "1 prövning av 20" in plain(one[-1])
    two = equity_sentences(released(equity_gaps(places, names=["A", "B"], missing=(4, 1))), words)
    assert "17,9" in two[2]
    assert "Underlaget räcker inte" in two[3]
    assert words.texts["equity.not_a_difference"] in two


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("figure", ["share", "mean_days"])
def test_one_figure_decides_and_grays_test_is_said_once(language: Language, figure: str) -> None:
    words = words_in(language)
    told = decisive_sentences(released(made(exits(2, 80), figure=figure)), words)
    assert sum("Gray" in sentence for sentence in told) == 1
    assert words.texts["decisive.unclear"] in told or words.texts["decisive.clear"] in told
    assert "1" in looked_at_sentence(20, words)
    assert words.texts["decisive.mean_days.between"] not in told
    studies = decisive_sentences(
        released(made(exits(2, 80), figure=figure)), words, outcome="studies"
    )
    assert words.labels.done(["studies"]) in studies[0]
    assert words.labels.done(["employment"]) not in " ".join(studies)


@pytest.mark.parametrize("language", LANGUAGES)
def test_released_days_say_that_the_day_is_known_between_points_only(language: Language) -> None:
    words = words_in(language)
    _, counts = persons_in_blocks(1, 300, points=(60, 120, 180, 240, 300, 365))
    found = grouped_difference(counts, day=365, figure="mean_days")
    found = replace(found, curves_differ=gray_like_test(counts))
    told = decisive_sentences(released(found), words)
    assert words.texts["decisive.mean_days.between"] in told


FLOWS = [
    Flow(id=name, payer=payer, receiver=receiver, kronor_per_day=kronor, year=2024, source="SCB")
    for name, payer, receiver, kronor in (
        ("production", "nobody", "employer", 1000.0),
        ("wage", "employer", "individual", 1000.0),
        ("tax", "individual", "municipality", 300.0),
        ("subsidy", "state", "individual", 10.0),
    )
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_break_even_is_said_in_words_and_no_share_is_the_result(language: Language) -> None:
    words = words_in(language)
    found = kronor_by_actor(
        n=10, days=(50, 40, 60), horizon_days=365, followed_days=365, flows=FLOWS,
        costs={"municipality": 100_000}, is_made_up=True,
        worked_anyway=StatedRange(low=0.3, high=0.6, source="SCB 2023"),
    )  # fmt: skip
    told = [plain(text) for text in society_sentences(released(found), words)]
    needed = next(text for text in told if "67" in text and "56" in text)
    assert "56–83" in needed
    assert any("SCB 2023" in text for text in told)
    table = society_table(released(found), words, table_id="t")
    assert table.rows[-1][0].text == words.texts["label.actor.society"]
    assert words.texts["society.made_up"] in table.notes
    assert len(table.columns) == 3 + 3 + 1  # the shares, and the whole of the stated range
    prices = prices_table(released(found), words, table_id="p")
    assert "2024: SCB" in prices.source


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_cost_says_which_share_it_assumes(language: Language) -> None:
    shares = (0.0, 0.3, 0.5)
    found = cost_if_found_anyway(budget=1_000_000, events=100, n=200, shares=shares)
    told = cost_anyway_sentences(released(found), words_in(language), shares=shares)
    (said,) = told
    assert said.index("30") < said.index("50")
    assert said.index("14") < said.index("20")  # of 70 and of 50 additional outcomes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("sentences", "reason"),
    [
        (share_on_day_sentences, "too_few_followed"),
        (share_on_day_sentences, "status_unknown_for_all"),
        (same_persons_sentences, "zero_by_construction"),
        (areas_sentences, "too_few_assignments"),
        (bad_year_sentences, "chosen_for_result"),
        (bad_year_sentences, "n_not_published"),
        (equity_sentences, "groups_too_few_for_gaps"),
        (decisive_sentences, "beyond_follow_up"),
        (society_sentences, "prices_of_two_years"),
    ],
)
def test_what_is_refused_is_said(sentences: Any, reason: str, language: Language) -> None:
    row = NotEstimable(measure="share", reason=reason, n=7)
    (told,) = sentences(released(row), words_in(language))
    # Some say first of whom; then the sentence goes on in lower case.
    assert told.lower().endswith(words_in(language).texts[f"cannot.{reason}"].lower())
