"""An evaluator's own conclusions, read with the same rules as a press text.

For fields that are written by hand: the caller decides where, and shows the notes in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.reading.lexicon import Language
from evalkit.reading.reader import read_claims
from evalkit.reading.results import tells_cause
from evalkit.reading.tokens import language_of, sentences_of

WORDING = frozenset(
    {
        "causal_wording", "percent_points", "impossible", "contradiction", "rounding",
        "target_within_interval", "gross_cost", "part_year"
    }
)  # fmt: skip
"""Rules on how something is said; what a report states elsewhere (n, period) is not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingNote:
    """A stretch of the text and the rule it meets, by the names in docs/en/claims.md."""

    span: tuple[int, int]
    quote: str
    rule: str


def check_wording(text: str, *, language: Language | None = None) -> tuple[WordingNote, ...]:
    """Words that promise more than figures can: of cause also where no figure stands.

    >>> [note.rule for note in check_wording("Tack vare insatsen fick fler arbete.")]
    ['causal_wording']
    """
    chosen = language or language_of(text)
    notes = [
        WordingNote(span=claim.span, quote=claim.quote, rule=rule)
        for claim in read_claims(text, language=chosen).claims
        for rule in WORDING & set(claim.traps) - {"causal_wording"}
    ]
    for sentence in sentences_of(text, chosen):
        if tells_cause(sentence):
            span = (sentence.tokens[0].start, sentence.tokens[-1].end)
            notes.append(WordingNote(span=span, quote=text[slice(*span)], rule="causal_wording"))
    return tuple(sorted(notes, key=lambda note: (note.span, note.rule)))
