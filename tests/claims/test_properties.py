"""A claim survives other ways of writing the same thing; unrelated sentences change nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest

from evalkit.reading.lexicon import Language, lexicon
from evalkit.reading.reader import read_claims
from evalkit.reading.tokens import language_of
from tests.claims.support import SETS, gold_texts

TEXTS = [(name, text) for folder in SETS.values() for name, _, text in gold_texts(folder)]
PER_CENT = {"sv": " procent", "en": " per cent"}
UNRELATED = {
    "sv": (
        "Biblioteket har 14 000 böcker och öppnade 1987.",
        "Kommunen ligger 35 kilometer från kusten.",
        "Nästa möte hålls den 3 juni klockan 18.30 i sal 4.",
        "Valdeltagandet var 85,2 procent.",
        "Bussen går var tjugonde minut och kostar 32 kronor.",
        "Två av tre badplatser har fått nya bryggor.",
    ),
    "en": (
        "The library holds 14,000 books and opened in 1987.",
        "Turnout was 61 per cent.",
        "The next meeting is on 3 June at 6.30 pm in room 4.",
        "Two of the three swimming pools have been repaired.",
    ),
}


def in_words(text: str, language: Language) -> str:
    """Whole percentages below a hundred in words."""
    words = {value: word for word, value in reversed(lexicon(language).numbers.items())}

    def spelt(match: re.Match[str]) -> str:
        if int(match[1]) <= 1:
            return match[0]
        word = words[int(match[1])]
        # A sentence that began with digits begins with a capital.
        opens = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".!?\n"
        return f"{word.capitalize() if opens else word}{match[2]}"

    return re.sub(r"(?<![\d.,–-])(\d{1,2})( procent\b| per cent\b)", spelt, text)


def in_other_type(text: str, _: Language) -> str:
    """The same words with other spaces, dashes and line ends."""
    spaced = re.sub(r"(?<=\d) (?=\d{3}\b)", "\u202f", text).replace("–", "—")
    return re.sub(r"\r?\n", "\r\n", spaced)


REWRITINGS: dict[str, Callable[[str, Language], str]] = {
    "plain spaces": lambda text, _: text.replace("\u00a0", " ").replace("\u202f", " "),
    "spaces, dashes and lines of other kinds": in_other_type,
    "per cent in words": lambda text, language: re.sub(r"\s?%", PER_CENT[language], text),
    "per cent as a sign": lambda text, _: re.sub(r" (?:procent|per cent)\b(?!e)", "\u00a0%", text),
    "numbers in words": in_words,
}


@cache
def told(text: str, language: Language) -> list[tuple[object, ...]]:
    claims = read_claims(text, language=language).claims
    return [(c.kind, c.numbers, c.n, c.missing, c.traps) for c in claims]


def read_otherwise(rewritten: Callable[[str, Language], str]) -> list[str]:
    """The texts that are read in another way when they are written in another way."""
    languages = ((name, text, language_of(text)) for name, text in TEXTS)
    return [
        name for name, text, language in languages
        if told(rewritten(text, language), language) != told(text, language)
    ]  # fmt: skip


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_claims_survive_another_way_of_writing(rewriting: str) -> None:
    assert read_otherwise(REWRITINGS[rewriting]) == []


def test_unrelated_sentences_change_nothing() -> None:
    def with_sentences(text: str, language: Language) -> str:
        return "\n\n".join((text, *UNRELATED[language]))

    assert read_otherwise(with_sentences) == []


@pytest.mark.parametrize("sentence", [*UNRELATED["sv"], *UNRELATED["en"]])
def test_an_unrelated_sentence_holds_no_claim(sentence: str) -> None:
    assert read_claims(sentence).claims == ()


def test_every_span_is_the_text_it_quotes() -> None:
    for _, text in TEXTS:
        for claim in read_claims(text).claims:
            assert text[slice(*claim.span)] == claim.quote
            assert claim.sentence_span[0] <= claim.span[0]
            assert claim.span[0] < claim.span[1] <= claim.sentence_span[1]


@pytest.mark.parametrize("value", [2, 9, 17, 21, 45, 99, 184, 350, 999])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_number_of_persons_is_the_same_in_digits_and_in_words(
    value: int, language: Language
) -> None:
    spelt = {number: word for word, number in lexicon(language).numbers.items()}
    if value not in spelt:  # English joins hundreds with spaces
        spelt[value] = f"{spelt[value // 100]} hundred and {spelt[value % 100]}"
    sentence = {
        "sv": "Under 2023 deltog {} personer i projektet.",
        "en": "In 2023 the programme supported {} participants.",
    }[language]
    in_digits, in_letters = (
        read_claims(sentence.format(one), language=language).claims for one in (value, spelt[value])
    )
    assert [c.numbers for c in in_digits] == [c.numbers for c in in_letters] == [(float(value),)]
