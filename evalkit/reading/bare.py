"""Numbers without a unit: each rule names the words that make one a number of persons."""

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
    is_one_in_words,
    of_at,
    past_bracket,
)
from evalkit.reading.lexicon import word_set
from evalkit.reading.numerals import is_year
from evalkit.reading.populations import INTRODUCING
from evalkit.reading.units import Quantity

_OF_BASE = frozenset(("of persons", "k of n", "thereof", "of a base"))


def bare(q: Quantity, c: Context) -> Candidate | None:
    """A number without a unit counts only where the words around it say of whom."""
    if _cannot_be_persons(q, c):
        return None
    for rule in (
        _row,
        _in_all,
        _number_of,
        _more_than,
        _scored,
        _after_of_persons,
        _base_count,
        _thereof,
        _contrasted,
        _of_base,
        _coordinated,
        _told_on,
        _result,
        _remaining,
        _bare_goal,
        _households,
    ):
        if (found := rule(q, c)) is not None:
            return found
    return None


def _cannot_be_persons(q: Quantity, c: Context) -> bool:
    s, c_persons = c.s, c.recent("persons")
    if len(q.values) > 1 and q.form != "pair":
        return True  # 9–11: hours, pages, ages
    token = s.tokens[q.first if q.form != "pair" else q.first + 1]
    if token.is_digits and any(is_year(v) for v in q.values):
        return True
    if is_one_in_words(q, s) and not s.at("of", q.after):
        return True
    if s.at("org", q.after) or s.at("stop_noun", q.after):
        return True
    follows = s.at("verb_after", q.after) or s.at("of", q.after)
    if s.at("ref", q.first - 1) and not (follows and c_persons):
        return True
    if any(q.begins <= b <= q.first for _, b in s.cues.get("age", ())):
        return True  # aged over fifty
    if s.covers("composition", q.begins) or s.covers("composition", q.first):
        return True
    return s.word(q.first - 1) in ("§", "#", "den", "klockan", "kl") and not s.at(
        "verb_after", q.after
    )


def _after_of_persons(q: Quantity, c: Context) -> Candidate | None:
    """Nine of them, 12 of the women."""
    at = of_at(c.s, q)
    noun = counted_after(c.s, at) if at else -1
    if noun < 0 or q.decimals or about_staff(c.s, q):
        return None
    if is_one_in_words(q, c.s) and any(t.value is not None for t in c.s.tokens[at:noun]):
        return None  # en av de 540 deltagare som …
    return c.take(replace(as_unit(q, "persons"), after=noun + 1, noun=noun), "of persons")


def _thereof(q: Quantity, c: Context) -> Candidate | None:
    """13 of whom; it needs persons before it in the sentence."""
    starts = [b for _, b in c.s.cues.get("thereof", ()) if b == q.begins]
    base = c.here[-1] if c.here else None
    if not starts or base is None or base.q.unit != "persons" or q.decimals:
        return None
    return c.take(as_unit(q, "persons"), "thereof")


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
        s.at("person", i) or s.at("jobs", i) for i in range(counted, min(counted + 3, q.begins))
    )
    is_level = any(s.word(i) in _IS for i in range(max(counted, q.begins - 2), q.begins))
    if not names or not is_level or q.decimals or about_staff(s, q):
        return None
    return c.take(as_unit(q, "persons"), "number of")


_IS = word_set("var är blev till was were is stood at reached på totalled")


def _more_than(q: Quantity, c: Context) -> Candidate | None:
    """240 färre än för ett år sedan: persons counted just before."""
    if not c.s.at("more", q.after) or q.decimals or c.recent("persons", sentences=1) is None:
        return None
    return c.take(as_unit(q, "persons"), "more than before")


def _scored(q: Quantity, c: Context) -> Candidate | None:
    """6,8 på en tiogradig skala."""
    near = any(q.begins - 6 <= a <= q.after + 4 for a in c.s.starts("score"))
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
    if any(s.at("org", i) or s.at("staff", i) or s.at("ref", i) for i in label):
        return None
    if not any(s.at(tag, i) for tag in _LABELS for i in label):
        return None
    noun = next((i for i in label if s.at("person", i)), -1)
    q = replace(q, noun=noun)
    ends = q.after >= len(s.tokens) or s.word(q.after) in ("(", ".", ",", ";", "|", "–", "st")
    return c.take(as_unit(q, "persons"), "row") if ends else None


_LABELS = ("person", "exit", "work", "study", "participation", "completed")


def _base_count(q: Quantity, c: Context) -> Candidate | None:
    """Of the 45 who have left: a base told as a number alone."""
    s = c.s
    is_told = bool(c.here) and c.here[-1].q.after == q.begins - 1 and s.at("of", q.begins - 1) > 0
    if is_told and c.here[-1].q.unit == "percent" and not q.decimals:
        return c.take(as_unit(q, "persons"), "base count")  # 38 per cent of 115
    opens = s.word(q.begins - 1) in ("av", "de", "dem", "the", "of", "those", "bland", "among")
    relative = s.word(q.after) in ("som", "who", "that") and s.word(q.first - 1) != "om"
    if not (opens and relative) or q.decimals or about_staff(s, q):
        return None
    return c.take(as_unit(q, "persons"), "base count")


def _contrasted(q: Quantity, c: Context) -> Candidate | None:
    """Compared with 30; 81 the year before; (30 in 2006): the unit of the figure before."""
    s = c.s
    last = c.here[-1] if c.here else None
    if last is None:
        return _contrast_told_after(q, c)
    if last.q.unit not in PAIRABLE or q.form == "pair":
        return None
    if last.q.unit == "percent" and _is_of_parallel_group(q, last):
        return c.take(as_unit(q, "percent"), "of the other group")
    near = s.between("contrast", max(0, q.begins - 3), q.begins) and last.q.after <= q.begins
    dated = any(q.after <= a <= q.after + 1 for a in s.starts("earlier"))
    in_yard = last.q.unit == "percent" and any(
        last.q.after <= a < q.begins for a in s.starts("yard")
    )
    year = s.tokens[q.begins - 2] if q.begins > 2 else None
    dated |= s.word(q.begins - 3) == "(" and year is not None and is_year(year.value or 0)
    if not (near or dated or in_yard) or q.begins - last.q.after > 12:
        return None
    return c.take(as_unit(q, last.q.unit), "contrasted" if near or in_yard else "dated")


def _is_of_parallel_group(q: Quantity, last: Candidate) -> bool:
    """För männen var siffran 47 procent, för kvinnorna 32: the unit is told once."""
    s = last.sentence
    first, after = clause_of(s, q.first)
    named = [a for a in s.starts("person") if first <= a < q.begins]
    return (
        bool(named)
        and any(s.word(i) in INTRODUCING for i in range(first, named[0]))
        and after - q.after <= 1
        and last.q.after <= first
    )


def _contrast_told_after(q: Quantity, c: Context) -> Candidate | None:
    """Det kan jämföras med 271 under hela 2023."""
    s, recent = c.s, c.recent("persons", sentences=1)
    opens = s.between("contrast", 0, 4) and s.between("contrast", q.begins - 2, q.begins)
    if recent is None or q.decimals or not opens:
        return None
    return c.take(as_unit(q, "persons"), "contrasted")


def _coordinated(q: Quantity, c: Context) -> Candidate | None:
    """41 of them got a job, and 18 began to study."""
    last = c.here[-1] if c.here else None
    to = c.s.at("to", q.after) and c.s.word(q.begins - 1) in ("för", "for", "och", "and")
    follows = c.s.at("verb_after", past_bracket(c.s, q.after)) or _leaves_verb_out(q, c) or to
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


def _of_base(q: Quantity, c: Context) -> Candidate | None:
    """Of 43 participants, 26 had …; Of the 326 enrolled 288 left."""
    s = c.s
    intro = [a for a in s.starts("base_intro") if a < q.begins]
    told = bool(intro) and any(0 < one.q.begins - intro[0] <= 2 for one in c.here)
    if not intro or q.decimals or (counted_after(s, intro[0] + 1) < 0 and not told):
        return None
    follows = (
        s.at("verb_after", past_bracket(s, q.after))
        or s.at("verb_after", q.begins - 1)
        or q.after >= len(s.tokens) - 1
    )
    has_result = s.has("outcome", "exit", "participation", "composition")
    return c.take(as_unit(q, "persons"), "of a base") if follows and has_result else None


def _told_on(q: Quantity, c: Context) -> Candidate | None:
    """Persons in the sentence before, and here a verb of what became of them."""
    s, persons = c.s, c.recent("persons")
    if persons is None or q.decimals:
        return None
    has_result = s.has("outcome", "exit", "participation", "lots") and not about_staff(s, q)
    if s.at("verb_after", q.after) and has_result:
        return c.take(as_unit(q, "persons"), "told on")
    is_level = any(s.at("level_noun", k) for k in range(max(0, q.begins - 4), q.begins))
    has_year = any(t.is_digits and is_year(t.value or 0) for t in s.tokens)
    if is_level and (has_year or s.has("earlier", "this_year", "relative_period")):
        return c.take(as_unit(q, "persons"), "level told on")
    return None


def _result(q: Quantity, c: Context) -> Candidate | None:
    """The result was 231: of the measure whose goal the sentence before told."""
    s, recent = c.s, c.recent("persons", "percent")
    told = any(s.at("result_word", k) for k in range(max(0, q.begins - 3), q.begins))
    if recent is None or q.decimals or not recent.sentence.has("goal_noun", "goal_verb"):
        return None
    did = recent.sentence is s and recent.q.unit == "persons" and s.at("did", q.after)
    if not (did or (told and recent.sentence.has("goal_noun"))):
        return None
    return c.take(as_unit(q, recent.q.unit), "result of a goal")


def _remaining(q: Quantity, c: Context) -> Candidate | None:
    ends = any(b == q.begins for _, b in c.s.cues.get("remaining", ()))
    recent = c.recent("persons")
    if not ends or recent is None or c.s.at("org", q.after):
        return None
    return c.take(as_unit(q, "persons"), "remaining")


def _bare_goal(q: Quantity, c: Context) -> Candidate | None:
    recent = c.recent("persons", "percent")
    after_goal = any(a < q.begins and q.begins - a <= 6 for a in c.s.starts("goal_noun"))
    if recent is not None and recent.q.unit == "persons" and c.s.has("forecast") and not q.decimals:
        return c.take(as_unit(q, "persons"), "goal")
    if recent is None or not after_goal or recent.q.unit != "persons":
        return None
    at_end = q.after >= len(c.s.tokens) - 1 or c.s.word(q.after) in (",", ")", ";")
    return c.take(as_unit(q, "persons"), "goal") if at_end else None


def _households(q: Quantity, c: Context) -> Candidate | None:
    """The number of households fell from 634 to 463: the noun stands before the pair."""
    s = c.s
    near = [a for a in s.starts("person") + s.starts("jobs") if a < q.begins]
    if (
        q.form == "pair"
        and s.has("change", "area", "level_word", "contrast")
        and (near or c.recent("persons"))
    ):
        return c.take(as_unit(q, "persons"), "pair of counts")
    is_level = s.between("to", q.begins - 1, q.begins) or s.word(q.begins - 1) in _IS
    if s.has("area") and near and s.has("change", "level_word") and is_level and not q.decimals:
        return c.take(as_unit(q, "persons"), "count of an area")
    return None
