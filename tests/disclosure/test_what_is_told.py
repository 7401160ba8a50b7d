"""What stands where a figure was, and why one cannot be computed, tells of nobody."""

from __future__ import annotations

import pytest

from evalkit.disclosure import release_all, rule_for
from evalkit.disclosure.answers import COUNTS_OF_NOBODY
from evalkit.language import Language, Texts, placeholders
from evalkit.results import NotComputed, PublicAnswer, Withheld
from tests.disclosure import reports

RULE = rule_for("standard")


def test_a_reader_is_not_told_which_of_several_withheld_figures_is_the_small_one() -> None:
    answers = reports.report(reports.register(0, 40))
    released = release_all(answers, RULE)
    reasons = {
        row.reason
        for one in released.values()
        for row in (one.result if isinstance(one.result, tuple) else (one.result,))
        if isinstance(row, Withheld)
    }
    assert reasons == {"protected"}


def test_why_nothing_can_be_computed_holds_no_count_of_persons() -> None:
    stopped = NotComputed(reason="too_few_events", facts={"events": 3, "area": "Ystad"})
    kept = release_all([PublicAnswer(id="model.stopped", result=stopped)], RULE)
    assert kept["model.stopped"].result.facts == {"area": "Ystad"}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_reason_has_a_place_for_a_number_of_persons(language: Language) -> None:
    texts = Texts(language)
    words = {"area", "cell", "column", "failure", "first", "kind", "last", "mb", "month", "period",
             "seconds", "year"}  # fmt: skip
    told = {
        key.removeprefix("cannot.")
        for key in texts.keys()  # noqa: SIM118
        if key.startswith("cannot.") and placeholders(texts[key]) - words
    }
    assert told <= COUNTS_OF_NOBODY
