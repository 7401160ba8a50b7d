"""The sentences a report ends with, and the samples' claims, pass before the reader itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import pytest

from evalkit.answers.asking import attempt
from evalkit.answers.counts import persons_answer, share_answer, table_answer
from evalkit.answers.store import Store, answered
from evalkit.answers.study import Study, open_study
from evalkit.answers.trends import programme_changes
from evalkit.chapters.press import SENTENCES, press_sentences
from evalkit.chapters.report import Report
from evalkit.documents.reading.claims_block import warnings_of
from evalkit.documents.reading.views import verdict_of
from evalkit.language import LANGUAGES, Language
from evalkit.present.labels import words_of
from evalkit.project import Claim, load_project
from evalkit.reading.reader import ReadClaim, read_claims
from evalkit.results import Ask, PublicAnswer

SAMPLES = Path(__file__).parents[2] / "data" / "sample"
NAMES = sorted(folder.name for folder in SAMPLES.iterdir() if folder.is_dir())


@cache
def released(name: str) -> tuple[Study, Store]:
    study = open_study(SAMPLES / name / "project.yaml", purpose="release")
    return study, answered(study, list(_asks(study)))


def _asks(study: Study) -> Iterator[Ask]:
    if study.project.registers:
        yield persons_answer(study)
        yield share_answer(study, ("employment",), "participants")
        yield table_answer(study, "exit_class")
        yield table_answer(study, "sex")
    for series in study.project.series:
        name, make = f"change.{series.id}", partial(programme_changes, study, series)
        yield attempt(name, lambda n=name, m=make: PublicAnswer(id=n, result=m()))


def sentences(name: str, language: Language) -> tuple[str, ...]:
    study, store = released(name)
    return press_sentences(Report(study.project, words_of(study.project, language), store))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_three_sentences_of_different_length_hold_before_the_reader(
    name: str, language: Language
) -> None:
    made = sentences(name, language)
    assert len(made) == SENTENCES
    lengths = [len(sentence) for sentence in made]
    assert lengths[0] < lengths[1] < lengths[2]
    for sentence in made:
        claims = read_claims(sentence, language=language).claims
        assert claims, sentence
        for claim in claims:
            assert claim.traps == (), (sentence, claim.quote)
            assert verdict_of(claim) == "holds", (sentence, claim.quote, claim.missing)


def asked(name: str) -> list[tuple[str, Claim]]:
    return [(name, claim) for claim in load_project(SAMPLES / name / "project.yaml").claims]


WITH_FIGURES = [
    pytest.param(claim, language, id=f"{name}-{claim.id}-{language}")
    for sample in NAMES
    for name, claim in asked(sample)
    for language in LANGUAGES
    if claim.percentage is not None or claim.count is not None or claim.days is not None
]


@pytest.mark.parametrize(("claim", "language"), WITH_FIGURES)
def test_the_claims_of_the_samples_are_what_the_reader_finds_in_their_quotes(
    claim: Claim, language: Language
) -> None:
    found = read_claims(claim.quote.in_language(language), language=language).claims
    one = next((each for each in found if _is_the_figure(each, claim)), None)
    assert one is not None, [(each.quote, each.kind) for each in found]
    if claim.target is not None and f"{100 * claim.target:.0f}" in one.sentence:
        assert one.goal == pytest.approx(100 * claim.target)
    if claim.percentage is not None:
        assert one.decimals == claim.percentage.decimals
    # What the reader asserts of the quote, the project file warns of; never something else.
    told = set(warnings_of(one)) - {"rate_without_n", "before_after_without_reference"}
    assert told <= set(claim.warnings), told - set(claim.warnings)


def _is_the_figure(one: ReadClaim, claim: Claim) -> bool:
    if claim.percentage is not None:
        return one.unit == "percent" and claim.percentage.value in one.numbers
    if claim.count is not None:
        return one.unit == "persons" and claim.count.value in one.numbers
    return claim.days is not None and one.unit == "days" and claim.days.value in one.numbers
