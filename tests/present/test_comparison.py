"""Words and charts of a comparison group: the wording follows the design."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from evalkit.disclosure import internal
from evalkit.language import LANGUAGES, Language
from evalkit.present.charts.comparison import (
    balance_figure,
    differences_by_method_figure,
    overlap_figure,
)
from evalkit.present.labels import words_in
from evalkit.present.sentences.comparison import (
    LEVEL_OF,
    balance_sentences,
    came_about_sentences,
    comparison_sentences,
    e_value_sentences,
    main_sentences,
    overlap_sentences,
)
from evalkit.present.tables.comparison import balance_data_table, differences_table
from evalkit.project.comparisons import CameAbout
from evalkit.results import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Estimate,
    EValue,
    NotEstimable,
    Overlap,
    Released,
    Withheld,
    WithheldBalance,
)
from tests.present.test_trends import CONNECTED
from tests.test_language import CAUSAL

HARD = "\u00a0"


def released(result: Any) -> Released[Any]:
    return Released(result, 0, "standard")


def difference(measure: str, value: float, half: float = 0.02) -> Estimate:
    return Estimate(
        measure=measure, value=value, low=value - half, high=value + half,
        unit="share_difference", method="aipw", confidence_level=0.95, n=500, cells=(),
    )  # fmt: skip


def share(value: float) -> Estimate:
    return replace(difference("share", value), unit="share", method="wilson", n=250)


def comparison(main: float, *, raw: float = 0.1, half: float = 0.02) -> AdjustedComparison:
    return AdjustedComparison(
        shares=(share(0.5), share(0.5 - raw)),
        differences=(
            replace(difference("unadjusted_difference", raw), method="newcombe"),
            difference("weighted", main + 0.01),
            NotEstimable(measure="matched", reason="no_comparable_pairs", n=500),
            difference("doubly_robust", main, half),
        ),
        main="doubly_robust",
        ratio=replace(difference("adjusted_ratio", 1.2, 0.1), unit="ratio"),
        n_pairs=0,
        target="treated",
        n_treated=250,
        n_control=250,
        cells=(),
    )


def row(column: str, level: str, before: float, after: float) -> BalanceRow:
    return BalanceRow(
        column=column, level=level, mean_treated=0.5, mean_control=0.5 - before / 2,
        weighted_treated=0.5, weighted_control=0.5 - after / 2, spread=0.5, cells=(),
    )  # fmt: skip


BALANCE = Balance(
    rows=(
        row("sex", "woman", 0.3, 0.02),
        row("disability", "yes", -0.5, -0.2),
        WithheldBalance(column="education", level="isced_5_8", reason="small_count"),
    ),
    target="treated",
    n_treated=250,
    n_control=250,
)
OVERLAP = Overlap(
    edges=(0.0, 0.5, 1.0), treated=(100, 150), control=(240, None), outside=0,
    effective_treated=250.0, effective_control=90.0, heaviest=13, heaviest_share=0.31,
    largest_weight=None, n_treated=250, n_control=250,
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", get_args(CameAbout))
def test_no_comparison_says_what_the_programme_did(how: CameAbout, language: Language) -> None:
    words = words_in(language)
    for value in (0.08, -0.08, 0.001):
        made = comparison(value)
        texts = [
            *came_about_sentences(how, words),
            *comparison_sentences(
                released(made), words, came_about=how, outcome="i arbete", day=365
            ),
        ]
        found = [p for p in CAUSAL[language] for t in texts if re.search(p, t, re.IGNORECASE)]
        assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", get_args(CameAbout))
def test_only_persons_who_did_not_choose_are_called_similar(
    how: CameAbout, language: Language
) -> None:
    words = words_in(language)
    similar = {"sv": "liknande personer som inte deltog", "en": "similar people who did not take"}
    texts = [
        *came_about_sentences(how, words),
        *main_sentences(comparison(0.05), words, came_about=how),
    ]
    assert any(similar[language] in text for text in texts) == (LEVEL_OF[how] == "similar")
    carries = came_about_sentences(how, words)[1]
    assert (CONNECTED[language] in carries) == (LEVEL_OF[how] == "similar")
    if LEVEL_OF[how] == "similar":
        assert re.search(r"\b(Om|If)\b", carries)  # never without its condition


def test_a_difference_that_shrinks_is_told_with_both_ends() -> None:
    words = words_in("sv")
    sentences = main_sentences(comparison(0.03), words, came_about="waiting_list")
    assert f"var andelen 3,0{HARD}procentenheter högre bland deltagarna" in sentences[0]
    assert "Hela intervallet ligger på ena sidan om noll" in sentences[1]
    assert f"krymper skillnaden från 10,0{HARD}procentenheter till 3,0" in sentences[2]


def test_a_difference_that_grows_changes_sign_or_stays_is_not_said_to_shrink() -> None:
    words = words_in("en")
    grown = main_sentences(comparison(0.13), words, came_about="waiting_list")
    assert "grows from 10.0" in grown[2]
    assert len(main_sentences(comparison(-0.03), words, came_about="waiting_list")) == 2
    assert len(main_sentences(comparison(0.1), words, came_about="waiting_list")) == 2


def test_a_lower_share_is_told_as_lower_and_an_unsure_one_as_unsure() -> None:
    words = words_in("sv")
    first, second = main_sentences(comparison(-0.01, raw=0.04), words, came_about="not_offered")
    assert "1,0\u00a0procentenheter lägre bland deltagarna" in first
    assert "Intervallet rymmer noll" in second


def test_a_main_method_without_an_answer_says_so() -> None:
    words = words_in("sv")
    made = replace(comparison(0.03), main="matched")
    assert main_sentences(made, words, came_about="lottery") == (
        "Kan inte beräknas: inga personer kan jämföras med varandra.",
    )


def test_what_weighting_could_not_make_alike_is_named() -> None:
    sentences = balance_sentences(released(BALANCE), words_in("sv"))
    assert "i 2 av 2 uppgifter, efter den i 1" in sentences[0]
    assert "Funktionsnedsättning: ja (0,20 standardavvikelser)" in sentences[1]
    assert "inte lika ens i allt som är känt" in sentences[2]


def test_few_effective_persons_are_told_and_nobodys_weight() -> None:
    sentences = overlap_sentences(released(OVERLAP), words_in("en"))
    assert "For every participant there are people" in sentences[0]
    assert (
        "90 people of equal weight, out of 250. The 13 heaviest carry 31% of the weight"
        in sentences[1]
    )
    assert len(sentences) == 2


def test_the_e_value_is_put_in_plain_words_with_its_limit() -> None:
    made = EValue(ratio=comparison(0.03).ratio, point=1.69, limit=1.43)  # type: ignore[arg-type]
    sentences = e_value_sentences(released(made), words_in("sv"))
    assert "(E-värde 1,7)" in sentences[0]
    assert "räcker en kvot på 1,4" in sentences[1]
    assert "dubbelt så vanligt" in sentences[2]
    crossing = e_value_sentences(released(replace(made, limit=1.0)), words_in("sv"))
    assert "rymmer redan noll" in crossing[1]


def test_a_withheld_comparison_gives_its_reason_and_no_number() -> None:
    gone = released(Withheld(measure="doubly_robust", reason="small_count"))
    for sentences in (
        comparison_sentences(gone, words_in("sv"), came_about="lottery", outcome="", day=1),
        e_value_sentences(gone, words_in("sv")),
    ):
        assert sentences == ("Skyddad: för få personer ligger bakom uppgiften.",)


def test_withheld_rows_stand_in_table_chart_and_alternative_text() -> None:
    figure = balance_figure(released(BALANCE), words_in("sv"), figure_id="love")
    assert figure.data.rows[2][1].text == "skyddad"
    assert "(ISCED\u00a05–8): skyddad." in figure.alt
    assert "0,50 före, 0,20 efter" in figure.alt
    assert figure.svg.startswith("<svg")


def test_shares_are_whole_per_cent_and_gaps_have_two_decimals() -> None:
    table = balance_data_table(released(BALANCE), words_in("sv"), table_id="t")
    texts = [cell.text for cell in table.rows[0]]
    assert texts == [
        "Kön: kvinnor", f"50{HARD}%", f"35{HARD}%", f"49{HARD}%", "0,30", "0,02",
    ]  # fmt: skip


def test_weighted_participants_have_a_column_where_they_are_weighted() -> None:
    both = replace(BALANCE, target="everyone")
    table = balance_data_table(released(both), words_in("en"), table_id="t")
    assert "Participants, weighted" in table.columns
    assert {len(cells) for cells in table.rows} == {len(table.columns)}


def test_the_overlap_chart_marks_what_is_withheld() -> None:
    figure = overlap_figure(released(OVERLAP), words_in("sv"), figure_id="overlap")
    assert f"50–100{HARD}%: deltagare 150, jämförelsegrupp skyddad." in figure.alt
    assert figure.data.rows[1][2].text == "skyddad"


def test_every_method_has_a_row_a_note_and_a_mark_of_what_is_internal() -> None:
    table = differences_table(internal(comparison(0.03)), words_in("sv"), table_id="t", caption="c")
    assert [cells[0].text for cells in table.rows][-1] == "Vägd och standardiserad (dubbelt robust)"
    assert table.rows[2][1].text == "–"
    notes = " ".join(table.notes)
    assert "Ojusterad: Newcombes metod 10 (1998); Vägd: dubbelt robust skattning" in notes
    assert "Parad med närmaste: Kan inte beräknas" in notes
    assert "avrundade" not in notes
    assert "Internt" in notes
    figure = differences_by_method_figure(
        released(comparison(0.03)), words_in("sv"), figure_id="f", caption="c"
    )
    assert "Ojusterad: 10,0" in figure.alt
