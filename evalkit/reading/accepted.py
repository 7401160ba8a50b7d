"""Which quantities are claims: about persons, what became of them, time, cost or an area.

Every form has its own rule, and a number that no rule wants is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from evalkit.reading.amounts import duration, money, score, times
from evalkit.reading.background import is_dated, is_no_result
from evalkit.reading.bare import bare
from evalkit.reading.context import (
    RELATIVE,
    Candidate,
    Context,
    about_staff,
    clause_of,
    counted_after,
    counts_places,
    is_one_in_words,
    of_at,
    refers,
)
from evalkit.reading.lexicon import Lexicon, word_set, words_named
from evalkit.reading.moments import order
from evalkit.reading.numbers import quantities_of
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity, Unit

_ABOUT_RESULTS = ("outcome", "person", "area", "exit", "composition", "goal_noun", "survey")
_PERIODS = words_named("periods")
_SPEAKS_ON = words_named("speaks_on")
_SPEAK_ON = words_named("speak_on")
_REASONS_TO_COUNT = words_named("reasons_to_count")
_GROUPS = words_named("groups")
_LIES = word_set("låg ligger var är blev stannade hamnade was is lay")


def candidates(sentences: Sequence[Sentence], words: Lexicon) -> list[Candidate]:
    """The quantities that are claims or parts of claims, in reading order."""
    found: list[Candidate] = []
    for sentence in sentences:
        quantities = quantities_of(sentence, words)
        here: list[Candidate] = []
        for position, q in enumerate(quantities):
            context = Context(sentence, here, found, sentences, quantities[:position])
            taken = _RULES[q.unit](q, context)
            if taken is not None:
                here.append(taken)
        found += here
    return found


def _percent(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if _is_left_alone(q, c):
        return None
    if _counts_employers(q, s):
        return _of_employers(c.take(q, "employers"))
    if q.form in ("proportion", "fraction"):
        return _fraction(q, c)
    in_column = s.head is not None and s.head.has("work", "study", "exit", "outcome")
    noun = counted_after(s, s.at("of", q.after)) if s.at("of", q.after) else -1
    of_persons = noun >= 0 and (not s.at("pronoun", noun) or c.recent("persons") is not None)
    bases = [counted_after(s, a + 1) for a in s.starts("base_intro") if a < q.begins]
    of_persons |= any(0 <= at < q.begins for at in bases)  # bland dem som …, 53 procent
    beside = s.at("more", q.after) and s.has("yard")
    in_column = in_column or bool(of_persons or beside)
    if s.is_about_area or s.has(*_ABOUT_RESULTS) or in_column or _goes_on(q, c):
        return c.take(q, "percent")
    return None


def _of_employers(one: Candidate) -> Candidate:
    one.is_employers = True
    return one


def _is_left_alone(q: Quantity, c: Context) -> bool:
    """Posts, sick leave of staff, taxes, page numbers."""
    s = c.s
    if len(q.values) > 1 and s.between("interval", max(0, q.begins - 4), q.begins):
        return True  # osäkerheten är 34–46 %
    if s.at("interval", q.after) or s.at("trait", q.after):
        return True  # 95 procents konfidensintervall; 80 procents närvaro
    first, after = clause_of(s, q.first)
    bases = [of_at(s, q), *(a + 1 for a in s.starts("base_intro") if a < q.begins)]
    is_of_persons = any(at > 0 and counted_after(s, at) >= 0 for at in bases)
    is_goal = s.has("goal_noun") and s.between("work", q.after, after)
    told = [a for a in s.starts("not_share") if first <= a < after and not s.covers("area", a)]
    if told and not (is_of_persons or is_goal):
        return True
    near = about_staff(s, q) and s.word(q.begins - 2) not in ("den", "det", "it")
    if (s.word(q.begins - 1) in ("på", "at") and near) or _is_of_staff(s, q):
        return True  # en samordnare på 75 procent
    return q.form in ("fraction", "proportion") and s.word(q.after) in _PERIODS


def _is_of_staff(s: Sentence, q: Quantity) -> bool:
    """Av kommunens 1 400 anställda är 62 procent kvinnor."""
    spots = [a + 1 for a in s.starts("base_intro") if a < q.begins]
    return any(s.between("staff", a, a + 2) for a in spots) and not s.has("participation", "exit")


def _counts_employers(q: Quantity, s: Sentence) -> bool:
    subject = (
        q.form == "proportion" and s.between("employer", 0, 2) and not s.has("person", "pronoun")
    )
    return subject or any(s.at("employer", i) for i in range(q.after, q.after + 3))


def _goes_on(q: Quantity, c: Context) -> bool:
    """The sentence speaks on about the figure before it: the share was 50 per cent."""
    recent = c.recent("percent", "points", "times")
    tells_on = c.s.has(*_SPEAK_ON)
    of_level = c.s.has("level_noun") and c.recent("persons") is not None
    of_level = of_level or c.recent("duration", sentences=1) is not None
    if c.s.at("more", q.after) and of_level:
        return True  # takten är 29 procent högre; tiden är 13 procent kortare
    of_change = c.s.has("change") and _first_word(c.s) in _SPEAKS_ON
    of_change |= c.s.at("change", q.begins - 1) > 0 and c.s.word(q.begins - 1).endswith("en")
    if of_change and c.recent("persons", "duration", sentences=1):
        return True
    tells_on = tells_on or of_change
    following = c.sentences[c.s.index + 1 : c.s.index + 2]
    is_result = c.s.has("result_word") and any(s.has("goal_noun") for s in following)
    if _stands_for_a_share(c.s) or is_result:
        return True
    moved_by = c.s.at("change_by", q.begins - 1) and c.s.between("change", 0, q.begins)
    moved = c.recent("persons", "duration", sentences=1) or c.recent("percent")
    if moved_by and moved and not c.s.has("cost", "org"):
        return True  # omräknat till helår har antalet stigit med 44 procent
    if recent is not None:
        return tells_on or bool(c.here) or order(recent, c.take(q, "percent")) != 0
    if c.recent("persons", sentences=1) and c.s.has("repeat_of"):
        return True
    return c.s.is_heading and q.form == "pair"


def _stands_for_a_share(s: Sentence) -> bool:
    """Andelen steg till: the word alone stands for a share told before or known to all."""
    for i, token in enumerate(s.tokens[:8]):
        if token.word in ("andelen", "share", "proportion"):
            moves = any((tag, i + 1) in s.ends for tag in ("change", "verb_after"))
            moves |= s.word(i - 1) in _LIES or s.at("change", i - 1) > 0
            return moves or s.has("participation", "goal_verb", "goal_noun")
    return False


def _first_word(s: Sentence) -> str:
    return next((t.word for t in s.tokens if t.text[0].isalpha()), "")


def _fraction(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    at = of_at(s, q) if s.word(q.after + 2) not in _PERIODS else 0  # by a fifth in two years
    gets = any(s.at("gets", i) for i in range(max(0, q.begins - 3), q.begins))
    if gets and counts_places(q, s):
        q = replace(q, noun=-1)  # fick åtta av tio jobb
    of_things = s.at("org", q.after) or s.at("support", q.after)
    if of_things or counts_places(q, s):
        return None
    if q.noun >= 0 or (at and counted_after(s, at) >= 0):
        return c.take(q, "fraction of persons")
    if any(a < q.begins and counted_after(s, a + 1) >= 0 for a in s.starts("base_intro")):
        return c.take(q, "fraction of a base")
    if s.at("every", q.first) or s.word(q.first) in ("varannan", "vartannat"):
        speaks_of_lives = s.at("verb_after", q.after) > 0 or s.word(q.after) in RELATIVE
        recent = c.recent("percent", sentences=1)
        speaks_of_lives |= bool(c.here) and s.between("contrast", q.begins - 2, q.begins)
        speaks_of_lives |= recent is not None and order(recent, c.take(q, "")) != 0
        return c.take(q, "fraction of persons") if speaks_of_lives else None
    moved = s.is_about_area or c.recent("persons", "duration", "percent") is not None
    if s.at("more", q.after) and moved:
        return c.take(q, "part of a change")  # kön har blivit en tredjedel kortare
    is_of_results = s.is_about_area or s.has(*_ABOUT_RESULTS, "time_subject")
    if s.has("change") and is_of_results:
        return c.take(q, "part of a change")
    # minst hälften av träffarna
    at = at or (q.after if s.word(q.after) == "the" else 0)  # half the funding period
    is_of_things = at and s.word(at) not in _GROUPS
    return c.take(q, "fraction") if not is_of_things and _stands_alone(q, c) else None


def _stands_alone(q: Quantity, c: Context) -> bool:
    """``Hälften fick jobb``; ``that's two thirds``: a part of persons that are not named."""
    s = c.s
    if s.has("outcome", "composition"):
        return True
    if s.has("level_noun") and c.recent("percent", "persons") is not None:
        return True
    return s.between("repeat_of", 0, q.begins) and c.recent("persons", sentences=1) is not None


def _points(q: Quantity, c: Context) -> Candidate | None:
    if c.s.has("area", "outcome", "diff", "change", "goal_noun", "yard") or c.recent("percent"):
        return c.take(q, "points")
    return None


def _persons(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if is_one_in_words(q, s) and (q.base is None or q.noun < 0):
        return None
    if q.form == "proportion":
        return _of_n(q, c)
    is_participants = "deltag" in s.word(q.noun) or "participant" in s.word(q.noun)
    if s.between("event", max(0, q.begins - 3), q.begins):
        return None  # ett seminarium med 40 deltagare
    if is_no_result(q, s) or (about_staff(s, q) and not is_participants):
        return None
    if _opens_thereof(q, c) or _is_split(q, c):
        return c.take(q, "thereof")
    if _is_of_named_base(q, c):
        return c.take(q, "of a base")
    if is_participants or s.has(*_REASONS_TO_COUNT) or s.is_heading or is_dated(s):
        return c.take(q, "persons")
    return None


def _opens_thereof(q: Quantity, c: Context) -> bool:
    after = any(b == q.begins for _, b in c.s.cues.get("thereof", ()))
    return after and bool(c.here) and c.here[-1].q.unit == "persons"


def _is_of_named_base(q: Quantity, c: Context) -> bool:
    """Av dessa har 23 personer gått till arbete: the base is named first, by another word."""
    s, first = c.s, clause_of(c.s, q.first)[0]
    spots = [a for a in s.starts("base_intro") if first <= a < q.begins]
    if any(one.q.after <= spots[0] for one in c.here) if spots else True:
        return False  # no base named, or that of a figure before this one
    nouns = [counted_after(s, a + 1) for a in spots]
    return any(0 <= noun < q.begins for noun in nouns) and s.has(
        "outcome", "exit", "work", "composition"
    )


def _is_split(q: Quantity, c: Context) -> bool:
    """148 (81 kvinnor och 67 män); 44 ungdomar, 27 tjejer och 17 killar."""
    s = c.s
    if (
        not c.here
        or c.here[-1].q.unit != "persons"
        or not (s.at("women", q.noun) or s.at("men", q.noun))
    ):
        return False
    opens = s.word(q.begins - 1) == "(" or (
        s.word(q.begins - 1) in (",", "–", ":") and c.here[-1].q.after == q.begins - 1
    )
    rest = c.here[0].q.values[-1] - q.values[-1]
    sexes = [i for tag in ("women", "men") for i in s.starts(tag)]
    opens |= any(s.tokens[i - 1].value == rest for i in sexes)  # 118 in all: 71 women and 47 men
    return opens or (c.here[-1].why == "thereof" and s.word(q.begins - 1) in ("och", "and", ","))


def _of_n(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if (
        s.at("org", q.after)
        or _counts_employers(q, s)
        or (counts_places(q, s) and not s.at("work", q.noun))
        or s.at("stop_noun", q.after)
    ):
        return None
    if refers(s, q.begins - 1) or is_one_in_words(q, s) or about_staff(s, q):
        return None
    told_on = s.has("level_noun") and c.recent("persons", sentences=1) is not None
    if q.noun >= 0 or s.has("outcome", "exit", "person") or told_on:
        return c.take(q, "k of n")
    return None


_RULES: Mapping[Unit, Callable[[Quantity, Context], Candidate | None]] = {
    "percent": _percent, "points": _points, "money": money, "duration": duration,
    "times": times, "score": score, "persons": _persons, "bare": bare,
}  # fmt: skip
