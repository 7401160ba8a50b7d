"""A number that is printed twice is the same number: the first page rounds what chapters print."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from evalkit.documents.model import Document
from evalkit.present.blocks import Figure, Table, printed
from tests.support.reports import SAMPLES, document_of

_SHARE = re.compile(r"(\d{1,3}(?:,\d+)?)\s?(?:%|procent\b)")
_OF = re.compile(r"(\d[\d ]*) av (?:alla |de |sammanlagt )?(\d[\d ]*)")
# What is not known yet is bounded: if all who remain move on. No chapter prints that.
_BOUND = "går alla blir den"


def first_texts(document: Document) -> list[str]:
    """The sentences of the first page that are the report's own: not what others have claimed."""
    page = document.first_page
    assert page is not None
    blocks = [b for part in page.parts[1:] for b in part.blocks if not isinstance(b, Figure)]
    texts = [text for b in blocks if not isinstance(b, Table) for text in printed(b)]
    texts += [row[1].text for b in blocks if isinstance(b, Table) for row in b.rows]
    return [text for text in texts if _BOUND not in text]


def chapter_text(document: Document) -> str:
    blocks = [b for one in document.chapters for part in one.parts for b in part.blocks]
    blocks += [b.data for b in blocks if isinstance(b, Figure)]
    return "\n".join(text for block in blocks for text in printed(block))


def rounded(number: str, decimals: int) -> Decimal:
    step = Decimal(1).scaleb(-decimals)
    return Decimal(number.replace(",", ".")).quantize(step, ROUND_HALF_UP)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_share_of_the_first_page_is_one_of_the_chapters_rounded(name):
    document = document_of(name, "sv")
    told = {
        one.replace("\u00a0", " ") for one in re.findall(r"\d+(?:,\d+)?", chapter_text(document))
    }
    for text in first_texts(document):
        for share in _SHARE.findall(text):
            decimals = len(share.partition(",")[2])
            assert rounded(share, decimals) in {rounded(one, decimals) for one in told}, text


@pytest.mark.parametrize("name", SAMPLES)
def test_every_count_of_the_first_page_stands_in_a_chapter(name):
    document = document_of(name, "sv")
    told = re.findall(r"\d[\d ]*", chapter_text(document).replace("\u00a0", " "))
    counts = {one.replace(" ", "") for one in told}
    for text in first_texts(document):
        for pair in _OF.findall(text.replace("\u00a0", " ")):
            assert {one.replace(" ", "") for one in pair} <= counts, text


@pytest.mark.parametrize("name", SAMPLES)
def test_a_share_beside_its_count_is_that_count_over_its_n(name):
    """As "163 av 267 deltagare … (61 %)" and "61,0 % (163 av 267": on the first page itself."""
    pattern = re.compile(r"(\d+(?:,\d+)?)\s?% \((\d[\d ]*) av (\d[\d ]*)")
    for text in first_texts(document_of(name, "sv")):
        for share, k, n in pattern.findall(text.replace("\u00a0", " ")):
            decimals = len(share.partition(",")[2])
            exact = 100 * Decimal(k.replace(" ", "")) / Decimal(n.replace(" ", ""))
            step = Decimal(1).scaleb(-decimals)
            assert exact.quantize(step, ROUND_HALF_UP) == rounded(share, decimals), text


def test_a_press_sentence_on_results_covers_the_time_to_the_data():
    """Sydöstra ended in 2018, and its data run to 30 June 2019."""
    text = chapter_text(document_of("sydostra-skane-jobbspar", "sv")).replace("\u00a0", " ")
    assert "Under 2018 deltog 1 004 personer." in text
    assert "Under 2018–2019 gick 279 av 1 004 deltagare till arbete" in text
