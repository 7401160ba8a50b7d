"""The codebook: what registers call columns, exit reasons, sexes and missing values.

The words stand in ``codebook.yaml``; a project adds its own, and its own win.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

from evalkit.project.registers import FollowUp, Register
from evalkit.yaml_text import read_yaml

_PARENTHESES = re.compile(r"\([^)]*\)")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_IN_LIST = re.compile(r"^\d{1,3}[.:)]?\s*[-–]?\s*(?=[^\W\d_])")
_LETTER = re.compile(r"[^\W\d_]")
_SPACES = re.compile(r"\s+")
# Ranks of headings: those of the project file first, then the actual date, the exact heading.
OWN = -10_000
_IS_ACTUAL, IS_LONGER = -1_000, 1_000
_DATED = frozenset({"entry", "exit", "event_date"})
_PLANNED = re.compile(
    r"planer|planlagd|planned|prelimin|\bprel\b|beräkn|beslut|decided|förvänt|expected|uppskatt|"
    r"estimat|prognos|tänkt|avse[dt]|intended|schedul|önsk|bevilj|giltig|senast|\bmax\b|förordn|"
    r"target|\bmål(?:datum)?\b",
    re.IGNORECASE,
)
_ACTUAL = re.compile(r"\b(faktisk|verklig|actual)(t|a|en)?\b", re.IGNORECASE)
# Databases that hold no å, ä and ö call them so.
_WITHOUT_DOTS = tuple(
    str.maketrans(dict(zip("åäöé", spelled, strict=True)))
    for spelled in (("a", "a", "o", "e"), ("aa", "ae", "oe", "e"))
)
# Numbers in another unit than the column's own are other numbers.
_OTHER_UNIT = re.compile(
    r"\b(tim|tim\w*|h|tkr|mkr|[kmt]sek|tusental\w*|mån|månad\w*|veck\w*|hours?)\b", re.IGNORECASE
)
# "1. Startdatum" and the "Deltagare[Startdatum]" of report tools.
_DRESS = re.compile(r"^\d{1,2}[.)]\s+|^[^\[\]]*\[(?=[^\[\]]{3,}\]$)|(?<=\w{3})\]$")
_OF_WHAT = re.compile(
    r"\s+(i|för|av|på|till|in|of)\s+(insats|projekt|program|aktivitet|verksamhet|placering|åtgärd|"
    r"deltagande|the programme|programme)(en|et|n|t)?$",
    re.IGNORECASE,
)


def header_key(header: str) -> str:
    """A header reduced to what is compared: lower-case letters and digits.

    >>> header_key("Deltagar-ID") == header_key("deltagar id")
    True
    """
    folded = unicodedata.normalize("NFC", header).casefold()
    return _NOT_ALPHANUMERIC.sub("", folded) or folded.strip()


def value_key(value: str) -> str:
    """A cell value reduced to what is compared: case, spaces and final full stop aside.

    >>> value_key("  Egen  försörjning. ")
    'egen försörjning'
    """
    text = value if value.isascii() else unicodedata.normalize("NFC", value)
    folded = _SPACES.sub(" ", text).strip().casefold()
    return folded.rstrip(".") or folded


@dataclass(frozen=True, slots=True)
class Codebook:
    """Every word list by its own name; keys are already reduced for comparison.

    Attributes:
        headers: Header key → (canonical column, rank); the lowest rank wins.
        kinds: Canonical column → how its cells are read.
        exit_reasons: Value key → exit class.
        values: Canonical column → {value key → canonical level}.
        identity_headers: Header keys that promise identity numbers.
        ongoing: Words in an exit date column that mean "still enrolled".
        symbols: Missing-value symbol → its meaning.
        subsidy_in_reason: Part of a reason for leaving → whether the job is subsidised.
        has_own: Whether the project file names headings.
    """

    headers: Mapping[str, tuple[str, int]]
    kinds: Mapping[str, str]
    exit_reasons: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    education_sun: Mapping[str, str]
    identity_headers: frozenset[str]
    ongoing: frozenset[str]
    left: frozenset[str]
    ongoing_years: frozenset[int]
    blanks: frozenset[str]
    blank_dates: frozenset[str]
    errors: frozenset[str]
    no_identity: frozenset[str]
    symbols: Mapping[str, str]
    totals: frozenset[str]
    notes: frozenset[str]
    others: tuple[str, ...]
    months: Mapping[str, int]
    subsidy_in_reason: Mapping[str, str]
    has_own: bool = False
    _canonical: dict[str, tuple[str, int] | None] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def exit_class(self, text: str) -> str | None:
        """The class of a reason, also with its number in a list before it: "01 Arbete"."""
        key = value_key(text)
        return self.exit_reasons.get(key) or self.exit_reasons.get(_IN_LIST.sub("", key))

    def is_of_others(self, text: str) -> bool:
        """Whether a text says that somebody did not take part but is compared with."""
        words = _NOT_ALPHANUMERIC.split(value_key(text))
        return any(word.startswith(self.others) for word in words)

    def own(self, header: str) -> str | None:
        """What the project file says of a heading."""
        name, rank = self.headers.get(header_key(header), ("", 0))
        return name if rank == OWN else None

    def canonical(self, header: str) -> tuple[str, int] | None:
        """Canonical column and rank of a header; the lowest rank wins.

        An exact heading beats one that says more in parentheses or behind ("i insats"). The
        actual date beats a date; a planned or decided one is none.
        """
        if header not in self._canonical:
            self._canonical[header] = self._found(header)
        return self._canonical[header]

    def _found(self, header: str) -> tuple[str, int] | None:
        exact = self.headers.get(header_key(header))
        if exact is not None or not _LETTER.search(header):
            return exact
        undressed = _DRESS.sub("", header)
        if undressed != header:
            return self.canonical(undressed)
        plain = _PARENTHESES.sub("", header)
        words = header.replace("(", " ").replace(")", " ")
        actual = self.headers.get(header_key(_ACTUAL.sub("", words)))
        if actual is not None and _ACTUAL.search(words):
            return actual[0], actual[1] + _IS_ACTUAL
        for shorter in (plain, _OF_WHAT.sub("", plain)):
            if found := self.headers.get(header_key(shorter)):
                return self._unplanned(header, (found[0], found[1] + IS_LONGER))
        # "Personnr / kod": every part says the same.
        parts = {self.headers.get(header_key(part), ("", 0)) for part in plain.split("/")}
        named = {name for name, _ in parts}
        if len(named) != 1 or "" in named:
            return None
        name, rank = max(parts, key=lambda part: part[1])
        return self._unplanned(header, (name, rank + IS_LONGER))

    def _unplanned(self, header: str, found: tuple[str, int]) -> tuple[str, int] | None:
        is_planned_day = found[0] in _DATED and is_planned(header)
        is_other = self.kinds.get(found[0]) == "number" and _OTHER_UNIT.search(header)
        return None if is_planned_day or is_other else found


def is_planned(header: str) -> bool:
    """Whether a heading speaks of what was planned, decided or expected.

    >>> is_planned("Slutdatum (planerat)"), is_planned("Slutdatum")
    (True, False)
    """
    return _PLANNED.search(header) is not None


def codebook_for(register: Register, *, beside: Sequence[Register] = ()) -> Codebook:
    """The built-in codebook with the register's own columns, exit reasons and values first.

    What is said of values beside one register holds for the others, which mostly are further
    sheets of the same list, unless they say otherwise. Headers do not: they are what differs.
    """
    base = built_in()
    own_headers = {header_key(header): (name, OWN) for header, name in register.columns.items()}
    own_kinds = {name: "category" for name in register.columns.values() if name not in base.kinds}
    own_reasons: dict[str, str] = {}
    said = (*(other for other in beside if other is not register), register)
    for one in said:
        own_kinds |= {name: kind for name, kind in one.kinds.items() if name in own_kinds}
        own_reasons |= {value_key(text): reason for text, reason in one.exit_reasons.items()}
    values = {**base.values, **_levels_of_kinds(own_kinds)}
    for column, levels in (item for one in said for item in one.values.items()):
        own = {value_key(text): level for text, level in levels.items()}
        values[column] = {**values.get(column, {}), **own}
    return replace(
        base,
        headers={**base.headers, **own_headers},
        has_own=bool(own_headers),
        kinds={**base.kinds, **own_kinds},
        exit_reasons={**base.exit_reasons, **own_reasons},
        values=values,
        ongoing=base.ongoing | frozenset(value_key(word) for word in register.ongoing_when),
    )


def codebook_for_follow_up(follow_up: FollowUp) -> Codebook:
    """The codebook of a follow-up register: three columns, and what may happen after an exit."""
    base, words = built_in(), _words()
    columns = {name: {"headers": heads} for name, heads in words["follow_up_columns"].items()}
    own_headers = {header_key(header): (name, OWN) for header, name in follow_up.columns.items()}
    own_values = {value_key(text): level for text, level in follow_up.values.items()}
    statuses = {**_inverted(words["status"]), **_inverted(words["follow_up_status"])}
    return replace(
        base,
        headers={**_header_map(columns), **own_headers},
        has_own=bool(own_headers),
        kinds={"person_id": "identity", "event_date": "date", "event_status": "status"},
        values={"event_status": {**statuses, **own_values}},
    )


def _levels_of_kinds(kinds: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """The built-in levels of columns that are read as a status or a yes/no answer."""
    words = _words()
    return {
        name: _inverted(words[kind]) for name, kind in kinds.items() if kind in ("status", "yes_no")
    }


@cache
def _words() -> dict[str, Any]:
    file = resources.files("evalkit.intake") / "codebook.yaml"
    words: dict[str, Any] = read_yaml(file.read_text(encoding="utf-8"))
    return words


@cache
def built_in() -> Codebook:
    """The codebook as it stands in ``codebook.yaml``."""
    words = _words()
    columns: dict[str, dict[str, Any]] = words["columns"]
    kinds = {name: entry["kind"] for name, entry in columns.items()}
    level_maps = {kind: _inverted(words[kind]) for kind in ("sex", "status", "yes_no", "education")}
    return Codebook(
        headers=_header_map(columns),
        kinds=kinds,
        exit_reasons=_inverted(words["exit_reasons"]),
        values={
            "subsidy": _inverted(words["subsidy"]),
            **{name: level_maps[kind] for name, kind in kinds.items() if kind in level_maps},
        },
        education_sun=words["education_sun"],
        identity_headers=frozenset(map(header_key, words["identity_headers"])),
        ongoing=frozenset(map(value_key, words["ongoing"])),
        left=frozenset(map(value_key, words["left"])),
        ongoing_years=frozenset(words["ongoing_years"]),
        blanks=frozenset(map(value_key, words["blanks"])),
        blank_dates=frozenset(map(value_key, words["blank_dates"])),
        errors=frozenset(map(value_key, words["errors"])),
        no_identity=frozenset(
            value_key(word) for name in ("no_identity", "blanks", "errors") for word in words[name]
        ),
        symbols=_inverted(words["symbols"]),
        totals=frozenset(words["totals"]),
        notes=frozenset(words["notes"]),
        others=tuple(words["others"]),
        months=words["months"],
        subsidy_in_reason=_inverted(words["subsidy_in_reason"]),
    )


def _header_map(columns: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, int]]:
    headers: dict[str, tuple[str, int]] = {}
    for name, entry in columns.items():
        for rank, header in enumerate([*entry["headers"], name]):
            headers.setdefault(header_key(str(header)), (name, rank))
    for key, found in [*headers.items()]:
        for spelled in _WITHOUT_DOTS:
            headers.setdefault(key.translate(spelled), found)
    return headers


def _inverted(levels: Mapping[str, list[Any]]) -> dict[str, str]:
    """{level: [words]} → {word key: level}; YAML may have read a word as true or 1."""
    return {value_key(str(word)): level for level, words in levels.items() for word in words}
