"""Claims as read → the ``claims:`` block of ``project.yaml``, for an evaluator to go on from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import yaml

from evalkit.language import Texts
from evalkit.project.vocabulary import LanguageCode
from evalkit.reading.moments import month_number
from evalkit.reading.reader import ReadClaim, Reading

_SAME_NAME = frozenset(
    {
        "share_of_exits", "interim_share", "one_status_date", "work_and_study_pooled",
        "municipal_jobs_counted", "part_year", "mean_of_completers",
    }
)  # fmt: skip
OUTCOMES: dict[str, tuple[str, ...]] = {
    "work": ("employment",), "study": ("studies",), "work_or_study": ("employment", "studies"),
}  # fmt: skip
# Some of them named without a number of their own ("bäst gick det för männen"): the share may
# be theirs, and the register's share of all says nothing of it.
_SOME_OF_THEM = re.compile(
    r"(?<![0-9] )\b(kvinn\w*|män|män(nen)?s?|tjejer\w*|killar\w*|pojkar\w*|flickor\w*|ungdom\w*|"
    r"unga|yngre|äldre|utrikes\w*|inrikes\w*|women|men|girls|boys|young\w*|older|foreign-born|"
    r"native-born)\b",
    re.IGNORECASE,
)
# A count of part of the time is not that of everyone, unless it is said to be of all the time.
_PART_OF_TIME = re.compile(
    r"\b(i år|året|fjol|förra|våren|hösten|sommaren|vintern|nya|halvår\w*|kvartal\w*|"
    r"månad\w*|this year|last year|new|spring|autumn|summer|quarter|months?)\b",
    re.IGNORECASE,
)
# The register knows the end of the enrolment: a time after it, or before it, is another figure.
_PERIOD = r"(dag(ar)?|veck(a|or)|månad(er)?|halvår(et)?|år(et)?|days?|weeks?|months?|years?)"
_ANOTHER_TIME = re.compile(
    rf"\b({_PERIOD} (efter\w*|senare|därefter|innan|före|after|later|on|before|earlier)|"
    rf"(efter|inom|after|within) ([\w-]+ ){{0,3}}{_PERIOD}|kvar i|fortfarande|still|"
    r"(vid|innan|före) (start|inskrivning)\w*|at entry|when they joined)\b",
    re.IGNORECASE,
)
# Of everyone: other verbs ("fick sommarjobb", "läste svenska") tell of some of them.
TOOK_PART = re.compile(
    r"\b(del(tog|tagit|tar|tagar(e\w*|nas?))|inskriv\w*|skr(evs|ivits) in|tagit del|tog del|"
    r"varit med|började|börjat|påbörja\w*|took part|taken part|participa\w*|enrol\w*|joined|"
    r"started)\b",
    re.IGNORECASE,
)
_BASE_OF_ALL = re.compile(r"\b(av|bland|of|among) (de|the) \S+ (deltagarna|participants)$", re.I)
_SINCE = re.compile(r"\b(?:sedan|since)\s+(?:(\w+)\s+)?(20\d\d)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")
_ALL_THE_TIME = re.compile(
    r"\b(sedan starten?|hittills|totalt|sammanlagt|projekttiden|since|so far|in total|in all)\b",
    re.IGNORECASE,
)


def claims_block(
    *readings: tuple[Reading, str], languages: Sequence[LanguageCode] = ("sv", "en")
) -> str:
    """Readings, each with its source, as YAML; it validates as it is.

    What stands as source is the text's name, until somebody says where it was published. A
    project of one language has the quote as it was published, and nothing to translate.
    """
    seen: set[str] = set()
    entries = [_entry(c, source, seen) for reading, source in readings for c in reading.claims]
    if not entries:
        return "claims: []\n"
    is_one = len(languages) == 1
    entries = [one | {"quote": one["quote"]["sv"]} for one in entries] if is_one else entries
    key = "claims_block_one" if is_one else "claims_block"
    comment = Texts(readings[0][0].language)[f"reading.{key}"]
    block = yaml.safe_dump({"claims": entries}, allow_unicode=True, sort_keys=False, width=100)
    return f"# {comment}\n{block}"


def claim_line(claim: ReadClaim, source: str) -> str:
    """The claim as one line under ``claims:`` of the project file."""
    told = yaml.safe_dump(
        _entry(claim, source, set()),
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=True,
        width=10_000,
    )
    return f"- {told.strip()}"


def warnings_of(claim: ReadClaim) -> list[str]:
    """The warnings of the project file that a claim's traps and gaps stand for."""
    return list(dict.fromkeys(_warnings(claim)))


def _warnings(claim: ReadClaim) -> Iterator[str]:
    if "n" in claim.missing and claim.unit == "percent" and not _size(claim):
        yield "rate_without_n"
    if claim.whole_register and claim.kind != "count":
        yield "no_programme_n"
    yield from (trap for trap in claim.traps if trap in _SAME_NAME)
    if "selected_subgroup" in claim.traps:
        yield "creaming"
    if claim.kind in ("before_after", "change") and "comparison" in claim.missing:
        yield "before_after_without_reference"


def _entry(claim: ReadClaim, source: str, seen: set[str]) -> dict[str, Any]:
    quote = " ".join(claim.sentence.split())
    entry: dict[str, Any] = {
        "id": _unique(_identifier(claim), seen),
        "quote": {"sv": quote, "en": quote},
        "source": source,
    }
    percentage = _percentage(claim)
    if percentage:
        entry["percentage"] = percentage
    if percentage and claim.goal is not None and 0 < claim.goal < 100:
        entry["target"] = round(claim.goal / 100, 6)
    entry |= _of_register(claim)
    warnings = warnings_of(claim)
    if warnings:
        entry["warnings"] = warnings
    return entry


def is_of_everyone(claim: ReadClaim) -> bool:
    """Whether its base is everyone who took part, or everyone who left."""
    is_of_some = _SOME_OF_THEM.search(f"{claim.sentence} {claim.of_whom or ''}") is not None
    return not claim.whole_register and not is_of_some and set(claim.population) <= {"exits"}


def is_of_all_who_took_part(claim: ReadClaim) -> bool:
    """Whether a count is said to be of everyone who took part: *av de 180 deltagarna*."""
    took_part = TOOK_PART.search(claim.sentence) is not None
    return took_part and not claim.population and is_of_everyone(claim)


def _is_base_of_all(claim: ReadClaim) -> bool:
    """*42 procent av de 180 deltagarna fick arbete*: as many as took part, whatever is told."""
    told = claim.sentence[: claim.span[1] - claim.sentence_span[0]]
    return _BASE_OF_ALL.search(told) is not None


def is_of_all_time(claim: ReadClaim, whole: tuple[int, int] | None = None) -> bool:
    """Whether nothing says that it counts part of the time.

    Args:
        claim: A count.
        whole: First and last year of the programme, where they are known.
    """
    if _ALL_THE_TIME.search(claim.sentence):
        return True
    years = [int(year) for year in _YEAR.findall(claim.sentence)]
    is_whole = not years or (whole and min(years) <= whole[0] and max(years) >= whole[1])
    return bool(is_whole) and _PART_OF_TIME.search(claim.sentence) is None


def is_since(claim: ReadClaim, start: date) -> bool:
    """140 personer har deltagit sedan januari 2024: since the programme began."""
    told = _SINCE.search(claim.sentence)
    if told is None or int(told[2]) != start.year:
        return False
    return not told[1] or month_number(told[1].lower()) == start.month


def is_of_another_time(claim: ReadClaim) -> bool:
    """Whether a figure may be of another day than that of leaving."""
    return _ANOTHER_TIME.search(claim.sentence) is not None


def _of_register(claim: ReadClaim) -> dict[str, Any]:
    """The figure of the register that a claim about everyone is to be set beside."""
    if not is_of_everyone(claim):
        return {}
    is_share = claim.kind in ("share", "against_target") and claim.unit == "percent"
    is_share &= is_of_all_time(claim) and not is_of_another_time(claim)
    if is_share and claim.outcome in OUTCOMES and len(claim.numbers) == 1:
        base = "exits" if "exits" in claim.population else "participants"
        outcome = list(OUTCOMES[claim.outcome])
        return {"register_figure": {"outcome": outcome, "denominator": base}}
    is_plain = (not claim.outcome or _is_base_of_all(claim)) and not claim.population
    if claim.kind == "count" and is_plain and is_of_all_time(claim):
        count: dict[str, Any] = {"value": int(claim.numbers[-1])}
        return {"count": count | ({"about": True} if claim.hedge else {})}
    return {}


def _percentage(claim: ReadClaim) -> dict[str, Any] | None:
    value = claim.numbers[-1]
    is_share = claim.kind in (
        "share",
        "against_target",
        "composition",
        "before_after",
        "comparison",
    )
    if claim.unit != "percent" or not is_share or claim.decimals is None or value > 100:
        return None
    found: dict[str, Any] = {
        "value": value if claim.decimals else int(value),
        "decimals": claim.decimals,
    }
    if _size(claim) and (claim.computed or {}).get("counts"):
        found["n"] = _size(claim)
    return found


def _size(claim: ReadClaim) -> int | None:
    """Of how many the figure itself is, where the text is sure of it."""
    return claim.n[-1] if claim.n and claim.n_is_sure else None


def _identifier(claim: ReadClaim) -> str:
    value = claim.numbers[-1]
    number = str(int(value) if value == int(value) else value).replace(".", "-")
    return f"{claim.kind.replace('_', '-')}-{number}"


def _unique(wanted: str, seen: set[str]) -> str:
    candidate, number = wanted, 1
    while candidate in seen:
        number += 1
        candidate = f"{wanted}-{number}"
    seen.add(candidate)
    return candidate
