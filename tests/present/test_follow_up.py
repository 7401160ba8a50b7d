"""Sentences and charts about those not followed up and who took part, word by word."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.language import LANGUAGES, Language
from evalkit.present.charts.intervals import adjusted_verdicts_figure, bounds_figure
from evalkit.present.labels import words_in
from evalkit.present.sentences.casemix import adjusted_verdict_sentences
from evalkit.present.sentences.follow_up import (
    bounds_sentences,
    imputed_sentences,
    ratio_text,
    tipping_sentences,
)
from evalkit.results import NotEstimable, Released, Withheld
from evalkit.statistics.casemix.verdict import Expected, adjusted_verdict
from evalkit.statistics.follow_up.bounds import follow_up_bounds, tipping_point
from tests.present.golden_lines import released

SV, EN = words_in("sv"), words_in("en")


def plain(sentences: tuple[str, ...]) -> str:
    return " ".join(sentences).replace("\u00a0", " ")


def turning(events: int, followed_up: int, n: int, goal: float) -> str:
    found = tipping_point(events=events, followed_up=followed_up, n=n, goal=goal)
    return plain(tipping_sentences(released(found), SV, did="var i arbete"))


def test_the_extremes_and_a_stated_assumption() -> None:
    found = follow_up_bounds(events=147, followed_up=321, n=396, ratios=(0.5, 1.2))
    text = plain(
        bounds_sentences(released(found), SV, did="var i arbete", grounds="Ett räkneexempel.")
    )
    assert text.startswith("Av 396 personer kunde 321 följas upp: 81,1 %")
    assert "147 av de 321 som följdes upp var i arbete: 45,8 %" in text
    assert "mellan 37,1 %, om ingen av de övriga var i arbete, och 56,1 %, om alla var" in text
    assert "från hälften så ofta till 1,2 gånger så ofta som de som följdes upp" in text
    assert text.endswith("Ett räkneexempel.")


def test_nobody_missing_is_one_sentence() -> None:
    found = follow_up_bounds(events=20, followed_up=50, n=50)
    sentences = bounds_sentences(released(found), SV, did="var i arbete")
    assert plain(sentences) == "Alla 50 kunde följas upp. Ingen uppgift saknas."
    assert turning(20, 50, 50, 0.5) == ""


@pytest.mark.parametrize(
    ("counts", "steps"),
    [
        (
            (50, 80, 100, 0.6),
            "klart under om det inte var någon; under, men inte säkert om det var 1",
        ),
        ((50, 80, 100, 0.6), "klart över om det var alla 20"),
        ((50, 80, 100, 0.6), "över, men inte säkert om det var 10 till 19"),
        (
            (99, 200, 220, 0.6),
            "står sig bedömningen om högst 18 av de 20 övriga var i arbete; annars blir den",
        ),
    ],
)
def test_the_tipping_point_in_plain_words(counts: tuple[int, int, int, float], steps: str) -> None:
    assert steps in turning(*counts)


def test_a_verdict_that_nothing_can_turn_says_so() -> None:
    text = turning(20, 190, 200, 0.6)
    assert text.endswith("är den ”klart under” hur det än gick för de 10 övriga.")


def test_what_is_withheld_or_cannot_be_computed_is_said() -> None:
    hidden = Withheld(measure="response_share", reason="small_count")
    absent = NotEstimable(measure="imputed_share", reason="too_few_to_model", n=12)
    assert "Skyddad" in plain(bounds_sentences(released(hidden), SV, did=""))
    assert "Skyddad" in plain(tipping_sentences(released(hidden), SV, did=""))
    assert "Skyddad" in plain(adjusted_verdict_sentences(released(hidden), SV))
    text = plain(imputed_sentences(released(absent), SV, columns=[]))
    assert "för få följdes upp" in text


def test_ratios_have_names_where_people_have_them() -> None:
    assert ratio_text(2, SV) == "dubbelt så ofta"
    assert ratio_text(0.75, EN) == "0.75 times as often"


def test_expected_and_observed_of_a_whole_project() -> None:
    found = adjusted_verdict(
        Expected(chances=np.full(200, 0.45), reference=0.5), events=100, goal=0.5, left_out=7
    )
    text = plain(adjusted_verdict_sentences(released(found), SV))
    assert text.startswith(
        "Med tanke på vilka som deltog var 45,0 % väntat. Utfallet blev 50,0 % (100 av 200), "
        "1,11 gånger det väntade"
    )
    # 0.5 · 0.5 / 0.45
    assert "är andelen 55,6 %" in text
    assert "mot målet 50 %: över, men inte säkert." in text
    assert text.endswith("7 personer saknar uppgifter som behövs och ingår inte.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_tell_their_rows_and_mark_what_is_withheld(language: Language) -> None:
    words = words_in(language)
    found = follow_up_bounds(events=40, followed_up=80, n=97, ratios=(0.5,))
    figure = bounds_figure(
        Released(found, 0, "standard"), words, figure_id="f", caption="c", goal=0.5
    )
    assert len(figure.data.rows) == 4
    assert all(row[0].text in figure.alt for row in figure.data.rows)
    verdict = adjusted_verdict(
        Expected(chances=np.full(60, 0.4), reference=0.5), events=20, goal=0.5
    )
    hidden = Withheld(measure="share", reason="complement")
    figure = adjusted_verdicts_figure(
        [("A", released(verdict)), ("B", released(hidden))], words, figure_id="g", caption="c"
    )
    assert {cell.text for cell in figure.data.rows[1][1:]} == {words.texts["withheld.marker"]}
