"""The text as a whole: its results, and which of them words of cause belong to."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.reading.claim import Claim
from evalkit.reading.lexicon import words_named
from evalkit.reading.tokens import Sentence

RESULTS = frozenset(
    {"share", "against_target", "comparison", "before_after", "change", "mean_duration"}
)
STATUSES = frozenset({"share", "against_target", "comparison", "before_after"})
_OPENING = 2
_MOVED = words_named("moved")
_LED = frozenset(("lett", "ledde", "leder", "led", "leads"))


class Text:
    """The claims of a text with what the text as a whole shows."""

    def __init__(self, claims: Sequence[Claim], sentences: Sequence[Sentence]) -> None:
        self.claims, self.sentences = claims, sentences
        # Who took part was drawn by lot; a prize among those who answered is another thing.
        self.draws_lots = any(
            s.has("lots") and not s.has("respondents", "survey") for s in sentences
        )
        head = sentences[:3]
        self._interim = [s for s in sentences if s.has("interim") or _counts_until(s)]
        calls_itself = any(s.has("interim_text") for s in head) or any(
            s.has("ongoing") and not s.has("not_ongoing") for s in sentences
        )
        self.is_interim = calls_itself and not any(s.has("no_interim") for s in head)

    def goes_on(self, claim: Claim) -> bool:
        """Whether the text calls itself interim, or has said ``so far`` in the paragraph."""
        s = claim.s
        told = (t.paragraph == s.paragraph and t.index <= s.index for t in self._interim)
        return self.is_interim or any(told)

    def opens(self, s: Sentence) -> bool:
        """Whether no result is told before or in a sentence."""
        return not any(c.kind in STATUSES and c.s.index <= s.index for c in self.claims)

    def of(self, s: Sentence) -> list[Claim]:
        return [c for c in self.claims if c.s is s]

    def has_survey_before(self, s: Sentence) -> bool:
        return any(t.has("survey") for t in self.sentences[max(0, s.index - 2) : s.index])

    def near(self, s: Sentence, steps: int = 1) -> list[Sentence]:
        return [t for t in self.sentences if abs(t.index - s.index) <= steps]

    def caused(self) -> list[Claim]:
        """The results that words of cause belong to."""
        if self.draws_lots:
            return []
        return [c for s in self.sentences if tells_cause(s) for c in self._caused_by(s)]

    def _caused_by(self, s: Sentence) -> list[Claim]:
        here = [c for c in self.of(s) if _is_result(c)]
        if here:
            return here
        # Tack vare insatsen fick 23 personer jobb: said of them, and of no sentence beside it.
        counted = [c for c in self.of(s) if c.kind == "count" and s.has("outcome")]
        if counted:
            return counted
        for back in (1, 2):
            if s.index - back >= 0:
                before = self._told_in(self.sentences[s.index - back])
                if before:
                    return before[-1:]
        if s.index + 1 < len(self.sentences):
            after = [c for c in self.of(self.sentences[s.index + 1]) if _is_result(c)]
            return after[:1]
        return []

    def _told_in(self, s: Sentence) -> list[Claim]:
        """The results with a level in a sentence, by where it stands."""
        spots = [
            (one.q.begins, n, c) for n, c in enumerate(self.claims) for one in (c.main, c.earlier)
            if one is not None and one.sentence is s and _is_result(c)
        ]  # fmt: skip
        return [c for _, _, c in sorted(spots, key=lambda spot: spot[:2])]


def _counts_until(s: Sentence) -> bool:
    """Status: Till och med den 31 januari hade 212 skrivits in: counted while it goes on."""
    return s.has("has") and any(a <= _OPENING for a in s.starts("until"))


def tells_cause(s: Sentence) -> bool:
    if s.is_heading and s.paragraph == 0:
        return False
    told = [a for a, b in s.cues.get("cause", ()) if not _leads_to_outcome(s, a, b)]
    told += [a for a, b in s.cues.get("means", ()) if _moves(s, b)]
    return not s.has("lots", "doubt") and any(not s.covers("not_cause", a) for a in told)


def _moves(s: Sentence, i: int) -> bool:
    """The scheme has lifted the share: what moves something is its cause."""
    at = i + (s.word(i) in ("har", "has", "have"))
    return s.word(at) in _MOVED and s.word(at + 1) not in ("med", "by", "från", "from", "to")


def _leads_to_outcome(s: Sentence, first: int, after: int) -> bool:
    """41 procent av avsluten ledde till arbete: where they went, and no cause."""
    is_to = (s.word(after - 2) in _LED or s.between("exit", first, after)) and any(
        s.at(tag, i) for tag in ("work", "study") for i in (after, after + 1, after + 2)
    )
    of_exits = s.between("exit", first - 4, after) or s.between("pronoun", first - 1, first)
    return is_to and of_exits


def _is_result(claim: Claim) -> bool:
    return claim.kind in RESULTS or (claim.kind == "cost" and _is_saving(claim))


def _is_saving(claim: Claim) -> bool:
    is_told = claim.s.has("save") or claim.main.why == "saved"
    return is_told and not claim.is_pair
