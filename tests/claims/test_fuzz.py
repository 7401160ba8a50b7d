"""Any text gives a reading or a clear refusal, in linear time."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.documents.reading.command import _shown
from evalkit.documents.reading.files import UnreadableText, text_of_bytes
from evalkit.documents.reading.views import view_of
from evalkit.reading.lexicon import lexicon
from evalkit.reading.reader import LONGEST, TextTooLong, read_claims
from tests.claims.support import SETS, gold_texts

WORDS = [
    *(word for language in ("sv", "en") for word in lexicon(language).exact),
    *("12", "procent", "av", "100", "%", "3,5", "kr", "–", "(", ")", ".", ",", ":", "2023", "sex"),
    *("tio", "en", "ett", "\n", "\n\n", "£", "1.200", "40", "000", "0"),
]
ADVERSARIAL = [
    "1 " * 20_000, "1." * 20_000, "en av " * 10_000, "från 1 till 2 " * 5_000, "a" * 100_000,
    "varav 3 " * 8_000, "(" * 50_000, "1–2–3–" * 10_000, "mer än i " * 10_000, "mål " * 20_000,
    "12 procent " * 8_000, "hundra" * 15_000, "two hundred and " * 8_000, "\u00a0" * 50_000,
    "1\t" * 20_000, "a" * 90_000 + "\t", "| 1 " * 20_000, "Hur många? 3. " * 8_000,
    "1 000 000 000 000 " * 4_000, "-" * 50_000, "för varje satsad krona " * 4_000,
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    for claim in read_claims(text).claims:
        assert text[slice(*claim.span)] == claim.quote


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words_of_results_are_read_and_shown(words: list[str]) -> None:
    text = " ".join(words)
    view = view_of(read_claims(text), text)
    assert _shown(view, "terminal")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["-", "a.txt", "a.docx", "a.html", "a.pdf"]))
def test_any_bytes_give_a_text_or_a_clear_refusal(content: bytes, name: str) -> None:
    try:
        text = text_of_bytes(content, name=name)
    except UnreadableText as refusal:
        assert str(refusal).startswith(name)
    else:
        read_claims(text)


@pytest.mark.parametrize("text", ADVERSARIAL, ids=lambda text: text[:12])
def test_hostile_texts_take_time_in_step_with_their_length(text: str) -> None:
    """Four times the text takes some four times as long; a square would take sixteen."""
    text = text[: len(text) // 2]
    quarter = min(_seconds(text[: len(text) // 4]) for _ in range(2))
    assert min(_seconds(text) for _ in range(2)) < max(9 * quarter, 1.0)


def test_a_text_longer_than_any_press_release_is_refused_in_a_sentence() -> None:
    with pytest.raises(TextTooLong, match="400001 characters; at most 400000"):
        read_claims("a" * (LONGEST + 1))


@pytest.mark.parametrize(
    "text",
    [
        "I år är 32 procent utan jobb jämfört med 20,7 procent i fjol. Fjolåret var ett bottenår.",
        "Av 214 unga gick 98 till arbete och 41 till studier. Det är alltså två av tre.",
        "Av 20 deltagare gick 9 till arbete och 4 till studier. Det motsvarar 130 procent.",
    ],
)
def test_numbers_that_are_no_years_and_no_shares_of_counts_are_read(text: str) -> None:
    assert read_claims(text, language="sv").claims


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sentences_put_together_anew_with_other_numbers_are_read(seed: int) -> None:
    """20,7 is no year, 132 per cent no share, and two of three is 66.7 of no whole count."""
    generator, told = random.Random(seed), []
    for folder in SETS.values():
        for _, _, text in gold_texts(folder):
            told += re.split(r"(?<=[.!?])\s+", text)
    for _ in range(200):
        text = " ".join(generator.choices(told, k=4))
        read_claims(re.sub(r"\d+", lambda _: str(generator.randint(0, 150)), text))


@pytest.mark.slow
def test_ten_thousand_random_texts_are_read() -> None:
    generator = random.Random(18)
    for _ in range(10_000):
        read_claims(" ".join(generator.choices(WORDS, k=generator.randint(1, 60))))


def test_a_page_takes_less_than_fifty_milliseconds() -> None:
    """A page is some 2 500 characters: four of the texts. The best of five, on any machine."""
    page = "\n\n".join(text for _, _, text in gold_texts(SETS["texts"])[:4])
    read_claims(page)
    best = min(_seconds(page) for _ in range(5))
    assert len(page) > 2000
    assert best < 0.05


def _seconds(page: str) -> float:
    """Processor time, which other work on the machine does not lengthen."""
    start = time.process_time()
    read_claims(page)
    return time.process_time() - start
