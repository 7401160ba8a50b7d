"""A fair sentence for a claim, with brackets for what only its author knows."""

from __future__ import annotations

import re

from evalkit.documents.reading.claims_block import TOOK_PART
from evalkit.language import Texts
from evalkit.present.numbers import Numbers
from evalkit.reading.reader import ReadClaim

_NUMBER, _YEAR = re.compile(r"\d+(?:[\s.]\d{3})*"), re.compile(r"\b(?:19|20)\d\d\b")
_LONGEST_CLAUSE = 8


def suggestion(claim: ReadClaim, texts: Texts) -> str:
    """A sentence that holds, made from the claim's own figures."""
    if {"impossible", "contradiction"} & {*claim.traps} and claim.kind != "before_after":
        return texts["reading.suggest.unclear" + ("_change" if claim.kind == "change" else "")]
    make = {
        "share": _share, "against_target": _against_target, "composition": _composition,
        "before_after": _pair, "change": _change, "mean_duration": _mean,
        "comparison": _comparison, "cost": _cost, "target": _target, "count": _count,
        "area_level": _area,
    }.get(claim.kind)  # fmt: skip
    made = make(claim, texts) if make else ""
    return made[:1].upper() + made[1:]


def fill_in(sentence: str, texts: Texts) -> tuple[str, ...]:
    """How to fill in the brackets of a suggestion."""
    brackets = {part.partition("]")[0].lower() for part in sentence.split("[")[1:]}
    lines = []
    numbers = {_inside(texts["reading.blank.number"])}
    periods = {_inside(texts["reading.blank.when"]), _inside(texts["reading.blank.period"])}
    if brackets & numbers:
        lines.append(texts["reading.fill.number"])
    if brackets & periods:
        lines.append(texts["reading.fill.period"])
    if brackets - numbers - periods:
        lines.append(texts["reading.fill.what"])
    return tuple(lines)


def _inside(blank: str) -> str:
    return blank.partition("[")[2].partition("]")[0]


def written(value: float, claim: ReadClaim, texts: Texts) -> str:
    """A number with the claim's unit: ``46,2 %``, ``214 dagar``, ``3 200 000 kr``."""
    numbers = Numbers(texts.language)
    if claim.unit == "persons":
        return numbers.count(value)
    decimals = min(claim.decimals or 0, 3) if claim.unit != "SEK" else 0
    if claim.unit == "percent":
        return numbers.percent(value / 100, decimals=decimals)
    if claim.unit == "percentage_points":
        return numbers.points(value / 100, decimals=decimals)
    if claim.unit == "SEK":
        return numbers.sek(value)
    plain = numbers.number(value, decimals=0 if value == int(value) else max(1, decimals))
    key = f"reading.unit.{claim.unit}"
    return texts.format(key, value=plain) if key in texts else plain


def _values(claim: ReadClaim, texts: Texts) -> str:
    if claim.kind in ("count", "target", "cost") and "gross_cost" not in claim.traps:
        return claim.quote  # the author's own words for what was counted
    return _levels([written(value, claim, texts) for value in claim.numbers], claim, texts)


def _levels(values: list[str], claim: ReadClaim, texts: Texts) -> str:
    """One level, the limits of one, or two after each other in time."""
    if claim.kind == "comparison" and len(values) == 2:
        return texts.format("reading.from_to", earlier=values[0], later=values[1])
    return "–".join(dict.fromkeys(values))


def _k_and_n(claim: ReadClaim, texts: Texts) -> tuple[str, str]:
    """The counts behind a share as printed, or brackets for them."""
    numbers, blank = Numbers(texts.language), texts["reading.blank.number"]
    found = claim.computed or {}
    counts = found.get("counts") or []
    n = numbers.count(counts[0][1]) if counts else blank
    if len(counts) == 1:
        return numbers.count(counts[0][0]), n
    return blank, n


def _group(claim: ReadClaim, texts: Texts) -> str:
    named = [name for name in ("women", "men") if name in claim.population]
    group = texts[f"reading.group.{named[0]}"] if named else texts["reading.group.all"]
    chosen = [name for name in ("completers", "respondents", "exits") if name in claim.population]
    if (own := _own_clause(claim, texts)) and chosen[:1] in ([], ["completers"]):
        return f"{group} {own}"
    return f"{group} {texts[f'reading.group.{chosen[0]}']}" if chosen else group


def _own_clause(claim: ReadClaim, texts: Texts) -> str:
    """The author's own words for a chosen group: ``som träffade en mentor``."""
    words = (claim.of_whom or "").split()
    at = next((i for i, word in enumerate(words) if word in ("som", "who")), len(words))
    # It may run into the statement: "som träffade en mentor fick".
    while words and words[-1] in texts["reading.words.of_statement"].split():
        words.pop()
    clause = " ".join(words[at:])
    # Of "who came 2021–2023" the reader keeps the first year.
    is_cut = any(f"{clause}{sign}" in claim.sentence for sign in "–-/")
    return clause if 1 < len(words) - at <= _LONGEST_CLAUSE and not is_cut else ""


def _share(claim: ReadClaim, texts: Texts) -> str:
    k, n = _k_and_n(claim, texts)
    outcome = texts.format(f"reading.outcome.{claim.outcome or 'other'}", k=k)
    if claim.unit == "persons" and not (claim.computed or {}).get("share_range"):
        return texts["reading.suggest.unclear"]
    percent = _values(claim, texts)
    if claim.unit == "persons":
        percent = Numbers(texts.language).percent((claim.computed or {})["share_range"][0] / 100)
    if "rounding" in claim.traps:
        percent = texts["reading.blank.exact"]
    sentence = texts.format(
        "reading.suggest.share", n=n, group=_group(claim, texts), outcome=outcome, percent=percent
    )
    return " ".join(part for part in (sentence, _interval(claim, texts)) if part)


def _interval(claim: ReadClaim, texts: Texts) -> str:
    limits = (claim.computed or {}).get("interval_range")
    if not limits:
        return ""
    told = Numbers(texts.language).interval(limits[0] / 100, limits[1] / 100, decimals=0)
    return texts.format("reading.suggest.interval", interval=told)


def _against_target(claim: ReadClaim, texts: Texts) -> str:
    goal = written(claim.goal or 0, claim, texts)
    if claim.unit != "percent":
        return f"{_count(claim, texts)} {texts.format('reading.suggest.goal', goal=goal)}"
    grades = (claim.computed or {}).get("grades") or []
    key = "reading.suggest.goal"
    if len(grades) == 1:
        key += ".uncertain" if grades[0].endswith("uncertain") else f".{grades[0]}"
    return f"{_share(claim, texts)} {texts.format(key, goal=goal)}"


def _composition(claim: ReadClaim, texts: Texts) -> str:
    k, n = _k_and_n(claim, texts)
    if claim.unit == "persons":
        return texts.format("reading.suggest.composition_count", n=n, k=_values(claim, texts))
    return texts.format("reading.suggest.composition", n=n, k=k, percent=_values(claim, texts))


def _pair(claim: ReadClaim, texts: Texts) -> str:
    earlier, later = (
        written(value, claim, texts) for value in (claim.numbers[0], claim.numbers[-1])
    )
    if claim.unit == "percent" and not claim.whole_register:
        k, n = _k_and_n(claim, texts)
        step = Numbers(texts.language).points(
            abs(claim.numbers[-1] - claim.numbers[0]) / 100, decimals=claim.decimals or 0
        )
        return texts.format(
            "reading.suggest.pair", earlier=earlier, later=later, k=k, n=n, step=step
        )
    what = "rate" if claim.unit == "percent" else "count" if claim.unit == "persons" else "duration"
    return texts.format(
        "reading.suggest.levels", what=texts[f"reading.what.{what}"], earlier=earlier, later=later
    )


def _change(claim: ReadClaim, texts: Texts) -> str:
    if "percent_points" in claim.traps:
        step = Numbers(texts.language).points(claim.numbers[-1] / 100, decimals=claim.decimals or 0)
        return texts.format("reading.suggest.change_points", step=step)
    return texts.format("reading.suggest.change", change=_moved(claim, texts))


def _moved(claim: ReadClaim, texts: Texts) -> str:
    """``96 personer``, ``en halvering``, ``14 %``: by how much something moved."""
    named = {0.5: "half", 2.0: "double"}.get(claim.numbers[-1]) if claim.unit == "times" else None
    if named:
        told = texts[f"reading.times.{named}"]
        return f"{claim.hedge} {told}" if claim.hedge else told  # mer än en fördubbling
    value = _values(claim, texts)
    return texts.format("reading.unit.persons", value=value) if claim.unit == "persons" else value


def _mean(claim: ReadClaim, texts: Texts) -> str:
    known = claim.n[-1] if claim.n else None
    n = Numbers(texts.language).count(known) if known else texts["reading.blank.number"]
    key = "mean" if "mean_of_completers" in claim.traps else "mean_of_all"
    told = "median" if "median" in claim.sentence.lower() else "mean"
    measure = texts[f"reading.what.{told}"]
    return texts.format(f"reading.suggest.{key}", n=n, value=_values(claim, texts), measure=measure)


def _comparison(claim: ReadClaim, texts: Texts) -> str:
    if "percent_points" in claim.traps:
        return _change(claim, texts)
    if claim.unit == "percentage_points" or not claim.reference_numbers:
        return texts.format("reading.suggest.difference", value=_values(claim, texts))
    other = [written(value, claim, texts) for value in claim.reference_numbers]
    yardstick = _levels(other, claim, texts)
    if (claim.computed or {}).get("counts") and len(claim.numbers) == 1:
        beside = texts.format("reading.suggest.beside", yardstick=yardstick)
        return f"{_share(claim, texts)} {beside}"
    return texts.format(
        "reading.suggest.comparison",
        value=_values(claim, texts),
        yardstick=yardstick,
    )


_FOR_EACH = (" per ", "för varje", "for each", "for every")


def _cost(claim: ReadClaim, texts: Texts) -> str:
    if claim.unit == "times":
        value = Numbers(texts.language).number(claim.numbers[-1], decimals=claim.decimals or 0)
        euro, pound = (word in claim.quote.lower() for word in ("euro", "pound"))
        unit = "pound" if pound else "euro" if euro else "krona"
        return texts.format(
            "reading.suggest.return", value=value, unit=texts[f"reading.one.{unit}"]
        )
    if "gross_cost" in claim.traps and any(word in claim.sentence for word in _FOR_EACH):
        return texts.format("reading.suggest.per_outcome", value=_values(claim, texts))
    key = "gross" if "gross_cost" in claim.traps or "causal_wording" in claim.traps else "cost"
    value = claim.quote if claim.unit in ("SEK", "implied") else _values(claim, texts)
    return texts.format(f"reading.suggest.{key}", value=value)


def _target(claim: ReadClaim, texts: Texts) -> str:
    return texts.format("reading.suggest.target", value=_values(claim, texts))


def _count(claim: ReadClaim, texts: Texts) -> str:
    value = _values(claim, texts)
    if claim.unit == "persons" and value.isdigit():
        value = texts.format("reading.unit.persons", value=value)
    # Those who got somewhere are not those who took part; beside another number it may be either.
    if not claim.outcome or len(_NUMBER.findall(_YEAR.sub("", claim.sentence))) != 1:
        others = {*claim.population} - {"women", "men"}
        took_part = not others and TOOK_PART.search(f"{claim.sentence} {claim.quote}")
        return texts.format(f"reading.suggest.count{'' if took_part else '_other'}", value=value)
    outcome = texts.format("reading.outcome.other", k=value)
    return texts.format("reading.suggest.count_outcome", outcome=outcome)


def _area(claim: ReadClaim, texts: Texts) -> str:
    return texts.format("reading.suggest.area", value=_values(claim, texts))
