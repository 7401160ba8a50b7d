"""Claims as read → the ``claims:`` block of ``project.yaml``, for an evaluator to go on from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from evalkit.reading.reader import ReadClaim, Reading

_SAME_NAME = frozenset(
    {
        "share_of_exits", "interim_share", "one_status_date", "work_and_study_pooled",
        "municipal_jobs_counted", "part_year", "mean_of_completers",
    }
)  # fmt: skip
_COMMENT = "# The quote stands in both languages: translate the other one, and name the source.\n"


def claims_block(*readings: tuple[Reading, str]) -> str:
    """Readings, each with its source, as YAML; it validates as it is.

    What stands as source is the text's name, until somebody says where it was published.
    """
    seen: set[str] = set()
    entries = [_entry(c, source, seen) for reading, source in readings for c in reading.claims]
    if not entries:
        return "claims: []\n"
    return _COMMENT + yaml.safe_dump(
        {"claims": entries}, allow_unicode=True, sort_keys=False, width=100
    )


def entry_of(claim: ReadClaim, source: str) -> dict[str, Any]:
    """One claim as the project file takes it."""
    return _entry(claim, source, set())


def warnings_of(claim: ReadClaim) -> list[str]:
    """The warnings of the project file that a claim's traps and gaps stand for."""
    return list(dict.fromkeys(_warnings(claim)))


def _warnings(claim: ReadClaim) -> Iterator[str]:
    if "n" in claim.missing and claim.unit == "percent":
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
    warnings = warnings_of(claim)
    if warnings:
        entry["warnings"] = warnings
    return entry


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
    if claim.n and claim.n[-1] and claim.n_is_sure and (claim.computed or {}).get("counts"):
        found["n"] = claim.n[-1]
    return found


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
