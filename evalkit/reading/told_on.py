"""Numbers alone whose persons were told before: ellipses, contrasts, answers, goals."""

from __future__ import annotations

from dataclasses import replace

from evalkit.reading.context import (
    PAIRABLE,
    Candidate,
    Context,
    about_staff,
    as_unit,
    clause_of,
    counted_after,
    is_past_tense,
    names_place,
    past_bracket,
)
from evalkit.reading.lexicon import word_set, words_named
from evalkit.reading.moments import in_dated_bracket
from evalkit.reading.numerals import is_year
from evalkit.reading.populations import INTRODUCING, goes_out
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity

_BECAME = word_set("blivit blev är var are were become became")
_OF_BASE = frozenset(("of persons", "k of n", "thereof", "of a base"))
_LIVES = ("work", "study")
_THEY = word_set("de dom antalet they number")
_ADVERBS = words_named("adverbs")
_MORE = word_set("ytterligare further another andra other")
_IS = word_set("är var is was den det it andelen siffran at på")
_OF_LIVES = ("outcome", "exit", "participation", "lots", "respondents", "composition")
_ENDS = word_set(". , ; ! ?")
_PARTICLE = 3  # letters: skrevs 150 in
_SUBJECT = 4  # words: a subject stands first


def thereof(q: Quantity, c: Context) -> Candidate | None:
    """13 of whom; it needs persons before it in the sentence."""
    starts = [b for _, b in c.s.cues.get("thereof", ()) if b == q.begins]
    base = c.here[-1] if c.here else None
    if not starts or base is None or base.q.unit != "persons" or q.decimals:
        return None
    return c.take(as_unit(q, "persons"), "thereof")


def answer(q: Quantity, c: Context) -> Candidate | None:
    """How many found work? 31."""
    s = c.s
    asked = s.between("how_many", 0, q.begins) and s.word(q.begins - 1) == "?"
    is_of_lives = s.has("outcome", "participation", "exit")
    return c.take(as_unit(q, "persons"), "answer") if asked and is_of_lives else None


def pieces(q: Quantity, c: Context) -> Candidate | None:
    """De flesta, 410 stycken, arbetade i vården: as many of the persons told before."""
    s, persons = c.s, c.recent("persons", "percent")
    told = s.word(q.after) == "stycken" and persons is not None and not q.decimals
    is_of_lives = s.has("outcome", "participation", "exit") and not about_staff(s, q)
    if not told or not is_of_lives:
        return None
    return c.take(replace(as_unit(q, "persons"), after=q.after + 1), "told on")


def more_than(q: Quantity, c: Context) -> Candidate | None:
    """240 färre än för ett år sedan: persons counted just before."""
    is_set_beside = c.s.has("contrast", "earlier")
    subject = any(a < q.begins for a in c.s.starts("person"))
    is_set_beside |= c.s.has("level_noun", "number_of") and c.s.word(q.after + 1) in _ENDS
    told_on = c.recent("persons", "percent", sentences=1) is not None and is_set_beside
    told_on |= subject and c.s.word(q.begins - 1) in _BECAME
    if not c.s.at("more", q.after) or q.decimals or not told_on:
        return None
    return c.take(as_unit(q, "persons"), "more than before")


def contrasted(q: Quantity, c: Context) -> Candidate | None:
    """Compared with 30; 81 the year before; (30 in 2006): the unit of the figure before."""
    s = c.s
    last = c.here[-1] if c.here else None
    if last is None:
        return _contrast_told_after(q, c)
    if last.q.unit not in PAIRABLE or q.form == "pair":
        return None
    if any(p.unit in ("duration", "money") for p in c.passed if p.first > last.q.first):
        return None  # the region follows people for twelve months, we for six
    if _is_of_parallel_group(q, last):
        return c.take(replace(as_unit(q, last.q.unit), detail=last.q.detail), "of the other group")
    ends = (b for _, b in s.cues.get("contrast", ()))
    near = any(last.q.after < b and q.begins - 2 <= b <= q.begins for b in ends)
    near |= bool(q.decimals) and s.word(clause_of(s, q.first)[0] - 1) in ("medan", "while")
    dated = any(q.after <= a <= q.after + 1 for a in s.starts("earlier"))
    in_yard = last.q.unit == "percent" and any(
        last.q.after <= a < q.begins for a in s.starts("yard")
    )
    dated |= in_dated_bracket(s, q.begins)
    is_told_in_brackets = s.word(q.begins - 1) == "(" and last.q.after == q.begins - 1
    dated |= is_told_in_brackets and any(t.has("bracketed") for t in c.sentences)
    later = any(q.after <= a <= q.after + 1 for a in s.starts("later"))
    if not (near or dated or in_yard or later) or q.begins - last.q.after > 12:
        return None
    why = "contrasted" if near or in_yard else "dated" if dated else "dated later"
    return c.take(as_unit(q, last.q.unit), why)


def _is_of_parallel_group(q: Quantity, last: Candidate) -> bool:
    """För männen var siffran 47 procent, för kvinnorna 32: the unit is told once."""
    s = last.sentence
    first, after = clause_of(s, q.first)
    if s.at("woman_man", q.begins - 1) and last.q.unit != "persons":
        return s.between("woman_man", 0, last.q.begins)  # men waited 31 days, women 44
    if last.q.unit not in ("percent", "persons"):
        return False
    named = [a for a in s.starts("person") if first <= a < q.begins]
    in_place = s.word(first) in ("i", "in") and names_place(s, first + 1)
    is_group = bool(named) and any(s.word(i) in INTRODUCING for i in range(first, named[0]))
    told = in_place or (is_group and last.q.unit == "percent")
    return told and after - q.after <= 1 and last.q.after <= first


def _contrast_told_after(q: Quantity, c: Context) -> Candidate | None:
    """Det kan jämföras med 271 under hela 2023."""
    s, recent = c.s, c.recent("persons", sentences=1)
    share = c.recent("percent", sentences=1)
    ends = q.after >= len(s.tokens) - 1 and s.word(q.begins - 1) in _IS
    if share is not None and ends and any(s.between(t, 0, q.begins) for t in ("yard", "earlier")):
        return c.take(as_unit(q, "percent"), "contrasted")  # rikssnittet är 44
    opens = s.between("contrast", 0, 4) and s.between("contrast", q.begins - 2, q.begins)
    if recent is None or q.decimals or not opens:
        return None
    return c.take(as_unit(q, "persons"), "contrasted")


def coordinated(q: Quantity, c: Context) -> Candidate | None:
    """41 of them got a job, and 18 began to study."""
    last = c.here[-1] if c.here else None
    s = c.s
    to = s.at("to", q.after) and s.word(q.begins - 1) in ("för", "for", "och", "and")
    goes_on = to or _leaves_verb_out(q, c) or goes_out(s, q.after)
    goes_on = goes_on or is_past_tense(s.word(q.after))  # 9 beviljades sjukersättning
    lists = s.word(q.begins - 1) in (",", "och", "and") and any(s.at(t, q.after) for t in _LIVES)
    follows = _tells_what(s, past_bracket(s, q.after)) or goes_on or lists  # 21 studier
    if last is None or last.q.unit not in ("persons", "percent") or q.decimals or not follows:
        return None
    last = next((one for one in reversed(c.here) if one.q.unit == "persons"), None)
    if last is None:
        return None
    taken = c.take(as_unit(q, "persons"), "coordinated")
    taken.facts["after_share"] = (
        not _is_composition_of(last) and last.why in _OF_BASE
    ) or last.facts.get("after_share", False)
    return taken


def _tells_what(s: Sentence, i: int) -> bool:
    """Whether words of what became of persons begin at ``i``: fick, i arbete, till studier."""
    is_to = s.word(i) in ("i", "till", "in", "into", "to", "för", "for", "mot")
    at = i + 1 + (s.word(i + 1) in ("a", "ett", "en"))
    return s.at("verb_after", i) > 0 or (is_to and any(s.at(t, at) for t in ("work", "study")))


def _leaves_verb_out(q: Quantity, c: Context) -> bool:
    """48 fick intensivt stöd och 47 ordinarie stöd: the verb is that of the number before."""
    s, last = c.s, c.here[-1] if c.here else None
    if last is None or last.q.unit != "persons" or not s.at("verb_after", last.q.after):
        return False
    is_word = s.word(q.after).isalpha() and s.tokens[q.after].value is None
    between = range(last.q.after, q.begins - 1)
    return (
        s.word(q.begins - 1) in ("och", "and")
        and is_word
        and not any(s.tokens[i].value is not None or s.word(i) in (",", ";") for i in between)
        and not s.at("has", q.after)
    )


def _is_composition_of(one: Candidate) -> bool:
    """Whether a count of persons is one of women, men and the like."""
    s, q = one.sentence, one.q
    return any(s.at("composition", i) for i in (q.noun, q.after, q.after - 1) if i >= 0)


def object_of(q: Quantity, c: Context) -> Candidate | None:
    """Was asked to enrol 200 and enrolled 174: as many as the verb takes."""
    s, verb = c.s, c.s.word(q.begins - 1)
    takes = any(s.at(tag, q.begins - 1) for tag in ("participation", "exit"))
    is_verb = verb.endswith("ed") or is_past_tense(verb) or s.word(q.begins - 2) == "to"
    phrase = any(b == q.begins and b - a > 1 for a, b in s.cues.get("participation", ()))
    ends = s.word(q.after) in (*_ENDS, "", "och", "and", "men", "but", "nya", "new")
    if not ((takes and is_verb) or phrase) or not ends or q.decimals or about_staff(s, q):
        return None  # ta emot 180 nya
    return c.take(as_unit(q, "persons"), "told on")


def of_base(q: Quantity, c: Context) -> Candidate | None:
    """Of 43 participants, 26 had …; Of the 326 enrolled 288 left."""
    s = c.s
    of_others = {one.q.after for one in c.here if one.q.unit == "percent"}
    intro = [a for a in s.starts("base_intro") if a < q.begins and a not in of_others]
    told = bool(intro) and any(0 < one.q.begins - intro[0] <= 2 for one in c.here)
    if not intro or q.decimals or (counted_after(s, intro[0] + 1) < 0 and not told):
        return None
    follows = (
        s.at("verb_after", past_bracket(s, q.after))
        or _verb_before(s, q.begins)
        or (bool(c.here) and any(s.at("base_intro", q.begins - k) for k in (2, 3)))
        or (intro[0] <= 1 and is_past_tense(s.word(q.begins - 1)))
        or q.after >= len(s.tokens) - 1
    )
    has_result = s.has("outcome", "exit", "participation", "composition")
    return c.take(as_unit(q, "persons"), "of a base") if follows and has_result else None


def _verb_before(s: Sentence, i: int) -> bool:
    """Av de 96 finns nu 41 kvar: a verb before the number, past an adverb or two."""
    while i and s.word(i - 1) in _ADVERBS:
        i -= 1
    return s.at("verb_after", i - 1) > 0


def told_on(q: Quantity, c: Context) -> Candidate | None:
    """Persons in the sentence before, and here a verb of what became of them."""
    s, persons = c.s, c.recent("persons")
    named = c.previous is not None and c.previous.has("person")
    if persons is None and named and not q.decimals and _counts_them(s, q):
        return c.take(as_unit(q, "persons"), "level told on")
    if q.decimals or (persons is None and (not s.has("person")) and (not _opens_of_lives(q, s))):
        return None
    has_result = s.has(*_OF_LIVES) and not about_staff(s, q)
    of_others = c.previous is not None and s.index and _is_of_others(c.previous)
    tells = _tells_what(s, q.after) or _opens_of_lives(q, s)
    risen = s.at("to", q.begins - 1) and s.at("change", q.begins - 2)
    if risen and persons is not None and not about_staff(s, q):
        return c.take(as_unit(q, "persons"), "risen to")  # the rise to 45
    ends = s.word(q.after) in _ENDS and s.at("verb_after", q.begins - 1) > 0
    ends &= not (c.here and c.here[-1].q.unit == "percent")  # 38 per cent; it is now 46
    tells |= ends and s.has("completed", "work", "study", "exit")  # till examen gick 64
    if tells and has_result and not of_others:
        return c.take(as_unit(q, "persons"), "told on")
    if persons is None or of_others:
        return None
    first = q.begins - (s.word(q.begins - 1) in _MORE) * (1 + (s.word(0) == "a"))
    opens = first <= 1 and not s.tokens[q.first].is_digits and is_past_tense(s.word(q.after))
    if opens and not about_staff(s, q) and s.index - persons.sentence.index <= 1:
        return c.take(as_unit(q, "persons"), "told on")  # Tolv tackade nej
    return _level_told_on(q, c, persons)


def _counts_them(s: Sentence, q: Quantity) -> bool:
    """Fler unga tar klivet. 2020 var de 18: as many of those the sentence before names."""
    before = {s.word(q.begins - 1), s.word(q.begins - 2)}
    return bool(before & _THEY and before & _BECAME) and s.word(q.after) in (*_ENDS, "i", "in")


def _level_told_on(q: Quantity, c: Context, persons: Candidate) -> Candidate | None:
    """Hela 2023 skrevs 150 in; förra året var de 96: the level of another time."""
    s = c.s
    if c.here and c.here[-1].q.unit == "percent":
        return None  # 2022 gick 44 procent till jobb, 2023 var det 51
    is_level = any(s.at("level_noun", k) for k in range(max(0, q.begins - 4), q.begins))
    has_year = any(t.is_digits and is_year(t.value or 0) for t in s.tokens)
    verb = s.word(q.begins - 1)
    is_verb = any(s.at(t, q.begins - 1) for t in ("participation", "exit"))
    names_noun = s.word(q.after).isalpha() and len(s.word(q.after)) > _PARTICLE
    repeats = (is_verb or is_past_tense(verb)) and not names_noun and persons.sentence is not s
    if (
        repeats
        and any(t.word == verb for t in persons.sentence.tokens)
        and (s.has("whole_year", "earlier") or has_year)
        and not s.at("to", q.begins - 1)
    ):
        return c.take(as_unit(q, "persons"), "level told on")  # Hela 2023 skrevs 150 in
    if names_noun and not s.at("verb_after", q.after) and not s.at("earlier", q.after):
        return None  # in 2022 there were 12 courses
    if is_level and (has_year or s.has("earlier", "this_year", "relative_period")):
        return c.take(as_unit(q, "persons"), "level told on")
    return None


def _opens_of_lives(q: Quantity, s: Sentence) -> bool:
    """61 000 fick jobb i september: a subject with no noun, and what became of them."""
    opens = q.begins == 0 or s.word(q.begins - 1) == ":" or s.at("in_all", 0) == q.begins
    gets = s.at("gets", q.after) and any(s.between(t, q.after, q.after + 3) for t in _LIVES)
    takes_part = any(s.at(t, q.after) for t in ("participation", "exit"))
    is_past = s.word(q.after).endswith("ed") or is_past_tense(s.word(q.after))
    has = s.at("has", q.after) > 0 and any(s.between(t, q.after, q.after + 6) for t in _LIVES)
    has |= s.at("based_on", q.after) > 0 and any(s.at(t, q.after + 1) for t in _LIVES)
    return bool(opens and (gets or has or (takes_part and is_past) or s.at("dropped", q.after)))


def _is_of_others(s: Sentence) -> bool:
    """Whether a sentence is of employers or organisations and of no persons."""
    first = [a for t in ("employer", "org", "staff") for a in s.starts(t) if a < _SUBJECT]
    return bool(first) and not s.has("person", "pronoun")


def result(q: Quantity, c: Context) -> Candidate | None:
    """The result was 231: of the measure whose goal the sentence before told."""
    s, recent = c.s, c.recent("persons", "percent")
    told = any(s.at("result_word", k) for k in range(max(0, q.begins - 3), q.begins))
    if recent is None or q.decimals or not recent.sentence.has("goal_noun", "goal_verb"):
        return None
    turns = any(s.word(i) in ("men", "but") for i in range(recent.q.after, q.begins))
    verb = s.word(q.begins - 1)
    did = s.at("did", q.after) or (s.word(q.after) in _ENDS and verb.endswith(("ed", "ade")))
    did = recent.sentence is s and recent.q.unit == "persons" and (turns or did)
    return None if not (did or told) else c.take(as_unit(q, recent.q.unit), "result of a goal")


def remaining(q: Quantity, c: Context) -> Candidate | None:
    ends = any(b == q.begins for _, b in c.s.cues.get("remaining", ()))
    recent = c.recent("persons")
    if not ends or recent is None or c.s.at("org", q.after):
        return None
    return c.take(as_unit(q, "persons"), "remaining")


def bare_goal(q: Quantity, c: Context) -> Candidate | None:
    recent = c.recent("persons", "percent")
    after_goal = any(a < q.begins and q.begins - a <= 6 for a in c.s.starts("goal_noun"))
    if recent is not None and recent.q.unit == "persons" and c.s.has("forecast") and not q.decimals:
        return c.take(as_unit(q, "persons"), "goal")
    to = c.s.at("to", q.after)
    to_come = c.s.has("goal_verb") and c.s.word(q.begins - 1) in _MORE and recent is not None
    starts = to > 0 and not any(c.s.at(tag, to) for tag in ("work", "study"))
    if to_come and (starts or c.s.at("participation", q.after)):
        return c.take(as_unit(q, "persons"), "goal")  # we expect another 70 to start
    if c.s.at("planned", q.after) and c.here and c.here[-1].q.unit == "persons":
        return c.take(as_unit(q, "persons"), "planned")  # already past the 120 planned
    if recent is None or not after_goal:
        return None
    unit = c.here[-1].q.unit if c.here else recent.q.unit
    at_end = q.after >= len(c.s.tokens) - 1 or c.s.word(q.after) in (",", ")", ";")
    return c.take(as_unit(q, unit), "goal") if at_end else None
