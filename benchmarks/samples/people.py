"""What the four synthetic registers share: attributes, exit reasons, rows of a register.

A frame of persons has one row per person and canonical column names; a register has one
row per enrolment, with the blemishes a real register has. The blemishes never touch a
calibrated figure once the rules of DOMAIN §2 are applied: an exact duplicate counts once,
and a re-entry keeps the first entry and the final exit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.samples.calibration import Days, Mask, Numbers, Words, pick

WOMAN, MAN = "Kvinna", "Man"
SUCCESS = ("employment", "studies")
NEW_START = "Nystartsjobb"
SUBSIDIES = {"Nej": 0.74, "Introduktionsjobb": 0.12, "Extratjänst": 0.1, "Lönebidrag": 0.04}


def sexes(is_woman: Mask) -> Words:
    return np.where(is_woman, WOMAN, MAN)


def ages(rng: np.random.Generator, n: int, *, youngest: int, oldest: int) -> Days:
    """Whole years, more of the younger: the smaller of two even draws."""
    draw = np.minimum(rng.random(n), rng.random(n))
    return np.asarray(youngest + np.floor(draw * (oldest - youngest + 1)), dtype=np.int64)


def reasons(
    rng: np.random.Generator, classes: Words, wording: Mapping[str, Mapping[str, float]]
) -> Words:
    """A word for each class, such as an exit reason as a caseworker writes it, else empty."""
    written = np.full(len(classes), "", dtype="<U40")
    for name, choices in wording.items():
        here = classes == name
        written[here] = pick(rng, choices, int(here.sum()))
    return written


def support_after(rng: np.random.Generator, classes: Words, before: Words) -> Words:
    """Income support after leaving: own income after work, study aid after studies."""
    n = len(classes)
    after = np.where(rng.random(n) < 0.7, before, "Försörjningsstöd").astype("<U40")
    after[classes == "employment"] = "Lön"
    after[classes == "studies"] = "Studiemedel"
    after[classes == "ongoing"] = ""
    return after


def subsidies(rng: np.random.Generator, classes: Words, written: Words) -> Words:
    """Whether the job is subsidised, known only for those who left for work."""
    subsidy = np.where(written == NEW_START, NEW_START, pick(rng, SUBSIDIES, len(classes)))
    return np.where(classes == "employment", subsidy, "")


def success_or_other(rng: np.random.Generator, success: Mask, left: Mask, study: Numbers) -> Words:
    """``employment``, ``studies``, ``other`` or ``ongoing``; ``study`` is each one's chance."""
    classes = np.where(left, "other", "ongoing").astype("<U12")
    studies = rng.random(len(success)) < study
    classes[success & studies] = "studies"
    classes[success & ~studies] = "employment"
    return classes


def ways_out(
    rng: np.random.Generator,
    persons: pd.DataFrame,
    *,
    days: Days,
    outcome: Words,
    wording: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    """The columns that tell how and when each person left; empty for those still enrolled."""
    leave = persons["entry"] + pd.to_timedelta(days, unit="D")
    before = persons["support_before"].to_numpy(dtype=str)
    written = reasons(rng, outcome, wording)
    return {
        "exit": leave.where(outcome != "ongoing"),
        "outcome": outcome,
        "exit_reason": written,
        "support_after": support_after(rng, outcome, before),
        "subsidy": subsidies(rng, outcome, written),
    }


def with_reentries(
    persons: pd.DataFrame, rows: Sequence[int], *, reason: str, gap_days: int = 21
) -> pd.DataFrame:
    """The register of ``persons``, where those in ``rows`` left once, then came back.

    The second enrolment ends as the person's only enrolment did, so merging the two gives
    the person back unchanged. The new row stands last, as a later registration would.
    """
    first = persons.copy()
    second = persons.iloc[list(rows)].copy()
    pause = persons["entry"] + pd.to_timedelta(45 + np.arange(len(persons)) % 20, unit="D")
    index = second.index
    first.loc[index, "exit"] = pause.loc[index]
    first.loc[index, ["exit_reason", "support_after", "subsidy"]] = [reason, "", ""]
    second["entry"] = pause.loc[index] + pd.Timedelta(days=gap_days)
    return pd.concat([first, second], ignore_index=True)


def with_duplicate(register: pd.DataFrame, row: int) -> pd.DataFrame:
    """The register with one row standing twice, the copy directly below."""
    order = [*range(row + 1), row, *range(row + 1, len(register))]
    return register.iloc[order].reset_index(drop=True)
