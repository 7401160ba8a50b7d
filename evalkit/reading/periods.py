"""When: whether a text tells the time its figures are of."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.reading.claim import Claim
from evalkit.reading.lexicon import word_set
from evalkit.reading.numerals import MONTHS, is_year
from evalkit.reading.tokens import Sentence

_PARTS_OF_YEARS = word_set("t1 t2 t3 q1 q2 q3 q4 h1 h2 vt ht kv tertial kvartal")
_UP_TO = word_set("to ending ended until through since from med sedan från till")
_ENDS = word_set("end slutet utgången början mitten start middle beginning")
_PLANS = word_set("agenda vision framtid europa horizon strategi plan mål")


def tells_period(s: Sentence, claims: Sequence[Claim]) -> bool:
    speaks_of_lives = _has_claim(s, claims) or s.has("person", "survey")
    if speaks_of_lives and any(_is_period_year(s, i) for i in _after_during(s)):
        return True
    if any(not s.covers("goal_noun", a) for a in s.starts("not_period")):
        return _has_relative_period(s) and _has_claim(s, claims)
    has_claim = _has_claim(s, claims)
    if has_claim and _names_month(s):
        return True
    if (has_claim or s.has("person", "programme_verb")) and _has_relative_period(s):
        return True
    years = [
        i for i, t in enumerate(s.tokens)
        if t.is_digits and (_is_period_year(s, i) or (has_claim and _follows_name(s, i)))
    ]  # fmt: skip
    dated = [i for i, t in enumerate(s.tokens) if is_year(t.value or 0) and s.word(i - 1) in MONTHS]
    if len(dated) > 1 and s.has("programme_verb", "ongoing"):
        return True  # pågår från den 1 februari 2023 till den 31 januari 2026
    goes_on = s.has("programme_verb", "extreme") or (
        s.has("participation") and not s.has("goal_verb")
    )
    told = has_claim or goes_on or _names_report(s)
    until = any(s.at("until", i - k) == i for i in years for k in (1, 2, 3))
    return bool(years) and (told or until or _is_span(s, years))


def _names_report(s: Sentence) -> bool:
    """``Year-end dashboard 2023``: a year in the line that says what the text is about."""
    return s.paragraph == 0


def _is_span(s: Sentence, years: Sequence[int]) -> bool:
    """``2022–2023``, ``april 2021 till juni 2023``: the time of something that went on."""
    return any(
        s.word(i + 1) in ("–", "-", "till", "to", "och", "and")
        and (i + 2 in years or i + 3 in years)
        for i in years
    )


def _after_during(s: Sentence) -> list[int]:
    """Positions after ``under``, ``during`` or ``in``."""
    return [i for i in range(1, len(s.tokens)) if s.word(i - 1) in ("under", "during", "in")]


def _has_claim(s: Sentence, claims: Sequence[Claim]) -> bool:
    return any(c.s is s and (c.kind != "target" or s.has("relative_period")) for c in claims)


def _has_relative_period(s: Sentence) -> bool:
    return s.has("relative_period") and not all(
        s.covers("status_date", a) or s.covers("composition", a)
        for a in s.starts("relative_period")
    )


def _is_period_year(s: Sentence, i: int) -> bool:
    """A year that is no day's, no name's and no reference's."""
    token = s.tokens[i]
    if not is_year(token.value or 0):
        return bool(token.value) and _is_compact_date(token.text)
    if token.is_glued and s.word(i + 1) in (":", "/"):
        return s.word(i + 1) == "/" and len(s.word(i + 2)) == 2
    before = s.tokens[i - 1] if i else None
    if before is not None and before.word in MONTHS:
        day = i > 1 and s.tokens[i - 2].is_digits
        return not day or s.word(i - 3) in _UP_TO  # in the year to 31 March 2024
    if before is not None and before.word in _PARTS_OF_YEARS:
        return True
    is_name = (
        before is not None and i > 1 and before.text[:1].isupper() and before.word not in MONTHS
    )
    is_place = is_name and s.word(i - 2) in ("i", "in", "at") and s.word(i - 1) not in _PLANS
    return is_place or not is_name


def _follows_name(s: Sentence, i: int) -> bool:
    """``genom Industrilyftet 2023``: beside a claim, the year of what is named."""
    token = s.tokens[i]
    is_plan = s.word(i - 1) in _PLANS
    return is_year(token.value or 0) and not token.is_glued and not is_plan and i > 1


def _names_month(s: Sentence) -> bool:
    """``i september``, ``during May``, without a day."""
    return any(
        (t.word in MONTHS and s.word(i - 1) in ("of", "av") and s.word(i - 2) in _ENDS) or (t.word
        in MONTHS and i and s.word(i - 1) in ("i", "under", "in", "during", "sedan", "since", "med",
        "through")) for i, t in enumerate(s.tokens)
    )  # fmt: skip


def _is_compact_date(text: str) -> bool:
    return len(text) == 6 and text.isdigit() and 1 <= int(text[2:4]) <= 12


def target_period(s: Sentence) -> bool:
    return s.has("target_period", "season") or any(
        _is_period_year(s, i) for i, t in enumerate(s.tokens) if t.is_digits
    )
