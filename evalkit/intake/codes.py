"""Whether the codes of two registers name the same persons: by the project file, else the data.

Codes that recur with the same start in most cases are no chance, codes that never do are
numbers that start over. Between the two nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from evalkit.intake.background import holds_numbers
from evalkit.intake.codebook import value_key
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import blank
from evalkit.intake.identity import code_key, compacted, placeholders_in
from evalkit.intake.register import OpenRegister, scope_of
from evalkit.results import Finding

_SHARED = "\x1fshared"
_SAME_START, _CLEARLY_MORE, _OTHER_START = 0.5, 0.3, 0.1
_FEWEST_SHARED = 3
# So many codes with the same sex throughout are the same persons, whatever their starts say.
_FEWEST_OF_ONE_SEX, _ONE_SEX = 10, 0.95


@dataclass(frozen=True, slots=True, eq=False)
class _Codes:
    """The codes of a register: code → its days of start, and what it says of sex."""

    starts: dict[str, set[np.datetime64]]
    sexes: dict[str, str]


def code_scopes(
    registers: Sequence[OpenRegister], *, data_cut: dt.date
) -> tuple[list[str], list[Finding]]:
    """Per register the scope of its codes: the same where one code is one person.

    Raises:
        IntakeError: If some codes recur with the same start and others do not.
    """
    scopes = [
        _SHARED if one.register.codes == "shared" else scope_of(one.register) for one in registers
    ]
    if len(registers) == 1:
        return scopes, []
    open_to_doubt = {
        index: codes
        for index, one in enumerate(registers)
        if one.register.codes is None and (codes := _codes(one, data_cut)) is not None
    }
    findings: list[Finding] = []
    linked: set[int] = set()
    elsewhere: dict[int, set[str]] = {index: set() for index in open_to_doubt}
    for first, second in combinations(open_to_doubt, 2):
        recurring = open_to_doubt[first].starts.keys() & open_to_doubt[second].starts.keys()
        elsewhere[first] |= recurring
        elsewhere[second] |= recurring
        if _are_shared(
            registers[first], registers[second], open_to_doubt[first], open_to_doubt[second]
        ):
            scopes = [scopes[first] if one == scopes[second] else one for one in scopes]
            linked |= {first, second}
            findings.append(_told("codes_shared", registers[second], len(recurring)))
    findings += [
        _told("codes_per_register", registers[index], len(codes))
        for index, codes in elsewhere.items()
        if codes and index not in linked
    ]
    return scopes, findings


def _told(check: str, one: OpenRegister, count: int) -> Finding:
    column = one.table.names["person_id"]
    return Finding(severity="warning", check=check, file=one.table.file, column=column, count=count)


def _codes(opened: OpenRegister, data_cut: dt.date) -> _Codes | None:
    table, codebook = opened.table, opened.codebook
    if not table.has("person_id") or holds_numbers(table, codebook, data_cut):
        return None
    texts = table.texts["person_id"]
    nobody = placeholders_in(texts, codebook.no_identity)
    sexes = table.texts.get("sex", blank(len(texts)))
    starts: dict[str, set[np.datetime64]] = {}
    of_sex: dict[str, str] = {}
    for text, start, sex in zip(texts[:], opened.dates.entry, sexes[:], strict=True):
        if text and text not in nobody:
            code = code_key(compacted(text))
            starts.setdefault(code, set()).add(start)
            of_sex.setdefault(code, value_key(sex))
    return _Codes(starts, of_sex)


def _are_shared(one: OpenRegister, other: OpenRegister, first: _Codes, second: _Codes) -> bool:
    """Whether recurring codes are the same persons.

    Raises:
        IntakeError: If the data can be read either way.
    """
    recurring = first.starts.keys() & second.starts.keys()
    if len(recurring) < _FEWEST_SHARED:
        return False
    same = sum(bool(first.starts[code] & second.starts[code]) for code in recurring)
    share, by_chance = same / len(recurring), _same_by_chance(first, second)
    if share >= _SAME_START and share >= by_chance + _CLEARLY_MORE:
        return True
    sexed = [code for code in recurring if first.sexes[code] and second.sexes[code]]
    alike = sum(first.sexes[code] == second.sexes[code] for code in sexed)
    is_one_sex = len(sexed) >= _FEWEST_OF_ONE_SEX and alike >= _ONE_SEX * len(sexed)
    if share <= by_chance + _OTHER_START and not is_one_sex:
        return False
    raise IntakeError(
        "codes", file=one.table.file, other=other.table.file,
        column=one.table.names["person_id"], count=len(recurring), same=same,
    )  # fmt: skip


def _same_by_chance(first: _Codes, second: _Codes) -> float:
    """How often the starts of two strangers agree: often, where many start on one day."""
    shares = []
    for codes in (first, second):
        counts = Counter(day for days in codes.starts.values() for day in days)
        shares.append({day: n / counts.total() for day, n in counts.items()})
    return sum(share * shares[1].get(day, 0.0) for day, share in shares[0].items())
