"""Numbers without a unit: each rule names the words that make one a number of persons."""

from __future__ import annotations

from dataclasses import replace

from evalkit.reading import told_on as told
from evalkit.reading.context import (
    Candidate,
    Context,
    about_staff,
    as_unit,
    counted_after,
    is_one_in_words,
    of_at,
    refers,
)
from evalkit.reading.lexicon import word_set
from evalkit.reading.moments import of_another_time
from evalkit.reading.numerals import is_year
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity

_SUBJECT = 3
_IS = word_set("var är blev till was were is stood at reached på totalled")
_LABELS = ("how_many", "person", "exit", "work", "study", "participation", "completed")
_OPENS_BASE = word_set("av de dem alla samtliga the of those bland among all")
_MANY = 20  # fewer may be per cent or points


def bare(q: Quantity, c: Context) -> Candidate | None:
    """A number without a unit counts only where the words around it say of whom."""
    if _cannot_be_persons(q, c):
        return None
    rules = (
        _row, _in_all, _group_in_bracket, _number_of, told.more_than, _scored, _after_of_persons,
        _base_count, told.thereof, told.answer, told.pieces, told.contrasted, told.bare_goal,
        told.of_base, told.coordinated, told.object_of, told.told_on, told.result,
        told.remaining, _households, of_another_time,
    )  # fmt: skip
    return next((found for rule in rules if (found := rule(q, c)) is not None), None)


def _cannot_be_persons(q: Quantity, c: Context) -> bool:
    s = c.s
    if len(q.values) > 1 and q.form != "pair" and not s.at("of", q.after):
        return True  # 9–11: hours, pages, ages
    token = s.tokens[q.first if q.form != "pair" else q.first + 1]
    if token.is_digits and " " not in token.text and any(is_year(v) for v in q.values):
        return True
    if is_one_in_words(q, s) and not s.at("of", q.after):
        return True
    works = s.at("work", q.after) and s.between("base_intro", 0, q.begins)  # 36 anställda av dem
    if any(s.at(tag, q.after) for tag in ("org", "staff", "stop_noun")) and not works:
        return True
    if _is_age(q, s):
        return True
    if not s.at("of", q.after) and any(s.covers("composition", i) for i in (q.begins, q.first)):
        return True
    return _is_reference(q, c)


def _is_reference(q: Quantity, c: Context) -> bool:
    """Fas 3, sida 12, den 4, klockan 9: a number that names or dates something."""
    s, follows = c.s, c.s.at("verb_after", q.after) > 0
    if s.at("numbered", q.first - 1):
        return True
    goes_on = follows or s.at("of", q.after)
    if q.form != "pair" and refers(s, q.first - 1) and not (goes_on and c.recent("persons")):
        return True
    is_level = s.word(q.first - 2) in _IS  # då var den 41
    return s.word(q.first - 1) in ("§", "#", "den", "klockan", "kl") and not (follows or is_level)


def _is_age(q: Quantity, s: Sentence) -> bool:
    """Aged over fifty; aged 18 to 24; 16 to 18-year-olds; 25 or over."""
    ends = [b for _, b in s.cues.get("age", ()) if b <= q.first]
    between = range(max(ends, default=q.first + 1), q.begins)
    joins = ("to", "till", "and", "och", "between", "mellan")
    told = all(s.tokens[i].value is not None or s.word(i) in joins for i in between)
    beyond = (a for a in s.starts("of_age") if q.after <= a <= q.after + 3)
    signs = (*joins, "-", "–")
    led_to = (range(q.after, a) for a in beyond)
    before_age = any(
        all(s.tokens[i].value is not None or s.word(i) in signs for i in way) for way in led_to
    )
    return before_age or (bool(ends) and told)


def _after_of_persons(q: Quantity, c: Context) -> Candidate | None:
    """Nine of them, 12 of the women."""
    at = of_at(c.s, q)
    noun = counted_after(c.s, at) if at else -1
    if noun < 0 or q.decimals or about_staff(c.s, q):
        return None
    told = c.recent("persons", "percent") or c.s.has("person", "outcome", "completed", "exit")
    of_orgs = not c.here and c.s.between("org", 0, q.begins)  # sex kommuner svarade, två av dem
    if c.s.at("pronoun", noun) and (not told or of_orgs):
        return None  # av 12 remissinstanser svarade 9, och 3 av dem
    is_named = not c.s.at("pronoun", noun) or c.s.word(noun) in ("de", "the")
    if is_one_in_words(q, c.s) and is_named:
        return None  # en av de 540 deltagare som …, en av metodens upphovspersoner
    return c.take(replace(as_unit(q, "persons"), after=noun + 1, noun=noun), "of persons")


def _group_in_bracket(q: Quantity, c: Context) -> Candidate | None:
    """640 were drawn by lot to Step Up (320) or the usual service (320): parts of those told."""
    s, whole = c.s, c.here[0] if c.here else None
    in_bracket = s.word(q.begins - 1) == "(" and s.word(q.after) in (")", "st", "stycken")
    if in_bracket and s.at("woman_man", q.begins - 2) and not q.decimals:
        return c.take(as_unit(q, "persons"), "persons")  # bland kvinnorna (48 st)
    if not in_bracket or q.decimals or whole is None or whole.q.unit != "persons":
        return None
    alone = [
        t.value for i, t in enumerate(s.tokens)
        if t.value and s.word(i - 1) == "(" and s.word(i + 1) == ")" and i > whole.q.after
    ]  # fmt: skip
    is_split = len(alone) > 1 and sum(alone) <= whole.q.values[-1]
    return c.take(as_unit(q, "persons"), "persons") if is_split else None


def _in_all(q: Quantity, c: Context) -> Candidate | None:
    """The project had participants from 2021, 696 in all."""
    s = c.s
    told = s.at("in_all", q.after) or any(b == q.begins for _, b in s.cues.get("in_all", ()))
    persons = any(a < q.begins for a in s.starts("person"))
    if not told or not persons or q.decimals or about_staff(s, q):
        return None
    return c.take(as_unit(q, "persons"), "persons")


def _number_of(q: Quantity, c: Context) -> Candidate | None:
    """Antalet hushåll med försörjningsstöd var 410: the noun stands before the verb."""
    s = c.s
    counted = next((b for a, b in s.cues.get("number_of", ()) if b < q.begins), 0)
    names = counted and any(
        s.at(tag, i)
        for tag in ("person", "jobs", "work")
        for i in range(counted, min(counted + 3, q.begins))
    )
    opens = any(a < _SUBJECT for a in s.starts("person"))
    if opens and s.has("change") and s.at("to", q.begins - 1) and not q.decimals:
        return c.take(as_unit(q, "persons"), "number of")  # inskrivningarna ökade till 118
    between = range(counted, q.begins)  # antalet hushåll var i december 641
    is_level = any(s.word(i) in _IS for i in between) or s.at("to", q.begins - 1) > 0
    if not names or not is_level or q.decimals or about_staff(s, q):
        return None
    return c.take(as_unit(q, "persons"), "number of")


def _scored(q: Quantity, c: Context) -> Candidate | None:
    """6,8 på en tiogradig skala."""
    near = any(a <= q.after + 4 for a in c.s.starts("score"))
    return c.take(replace(q, unit="score"), "score") if near and q.decimals else None


def _row(q: Quantity, c: Context) -> Candidate | None:
    """Till arbete: 168 – a line of a table, with its label before the colon."""
    s = c.s
    if s.head is not None and q.begins == 0 and not q.decimals:
        is_count = s.head.has(*_LABELS) and not s.head.has("org", "staff", "ref", "percent")
        return c.take(as_unit(q, "persons"), "cell") if is_count else None
    label = range(q.begins - 1)
    if s.word(q.begins - 1) not in (":", "|") or q.decimals or len(label) > 7:
        return None
    above = c.previous if c.recent("persons", sentences=1) else None
    told = [above.word(i) for i in range(len(label) + 4)] if above else []
    in_rows = ":" in told and told[0] != "|"
    if not (in_rows or any(s.at(tag, i) for tag in _LABELS for i in label)):
        return None
    ends = (
        q.after >= len(s.tokens)
        or s.at("thereof", q.after)
        or s.word(q.after) in ("(", ".", ",", ";", "|", "–", "st", "sedan", "since")
    )
    return c.take(as_unit(q, "persons"), "row") if ends else None


def _base_count(q: Quantity, c: Context) -> Candidate | None:
    """Of the 45 who have left: a base told as a number alone."""
    s = c.s
    is_told = bool(c.here) and c.here[-1].q.after == q.begins - 1 and s.at("of", q.begins - 1) > 0
    if is_told and c.here[-1].q.unit == "percent" and not q.decimals:
        return c.take(as_unit(q, "persons"), "base count")  # 38 per cent of 115
    opens = s.word(q.begins - 1) in _OPENS_BASE
    opens |= s.word(q.begins - 1) in ("first", "last", "första", "sista")
    relative = s.word(q.after) in ("som", "who", "that") and s.word(q.first - 1) != "om"
    if not (opens and relative) or q.decimals or about_staff(s, q):
        return None
    return c.take(as_unit(q, "persons"), "base count")


def _households(q: Quantity, c: Context) -> Candidate | None:
    """The number of households fell from 634 to 463: the noun stands before the pair."""
    s = c.s
    near = [a for a in s.starts("person") + s.starts("jobs") if a < q.begins]
    near += [a for a in s.starts("work") if a < q.begins and s.has("number_of")]
    if (
        q.form == "pair"
        and s.has("change", "area", "level_word", "contrast")
        and (near or c.recent("persons"))
    ):
        return c.take(as_unit(q, "persons"), "pair of counts")
    if s.has("area") and s.at("change_by", q.begins - 1) and q.values[-1] >= _MANY:
        return c.take(as_unit(q, "persons"), "count of an area")  # the claimant count fell by 640
    is_level = s.between("to", q.begins - 1, q.begins) or s.word(q.begins - 1) in _IS
    if s.has("area") and near and s.has("change", "level_word") and is_level and not q.decimals:
        return c.take(as_unit(q, "persons"), "count of an area")
    return None
