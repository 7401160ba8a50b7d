"""Released figures as plain data: what a portfolio compares, and a later run looks back at.

A figure holds what its report prints, to the same decimals and no more. It travels beside the
headlines, under its own MIME type, and lies in the manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

FIGURES_MIME_TYPE = "application/vnd.evalkit.figures+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFigure:
    """One figure of a report as printed.

    Attributes:
        id: The same figure in another language or a later edition has the same id.
        measure: ``participants``, ``share``, ``site``, ``target`` or ``change``.
        label: What it is called, in the report's language.
        value, low, high: As printed; shares 0–1. ``None`` where there is none.
        n, events: Persons behind a share, where they are printed too.
        unit: ``persons``, ``share`` or the unit of a series.
        decimals: Those printed, in per cent for a share.
        group: The site, as printed.
        dimension: What the group is a level of.
        outcome: Exit classes or statuses that count.
        denominator: ``participants`` or ``exits``.
        goal: The goal of a target.
    """

    id: str
    measure: str
    label: str
    value: float
    unit: str
    decimals: int = 0
    low: float | None = None
    high: float | None = None
    n: int | None = None
    events: int | None = None
    group: str = ""
    dimension: str = ""
    outcome: tuple[str, ...] = ()
    denominator: str = ""
    goal: float | None = None


def figures_to_json(figures: Iterable[ReleasedFigure]) -> list[dict[str, Any]]:
    """Plain JSON data; what is not set is left out."""
    return [
        {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(one).items() if _set(v)}
        for one in figures
    ]


def figures_from_json(content: Iterable[Mapping[str, Any]]) -> tuple[ReleasedFigure, ...]:
    """The figures that `figures_to_json` wrote.

    Raises:
        TypeError: For what is no figure.
    """
    return tuple(
        ReleasedFigure(**{**one, "outcome": tuple(one.get("outcome", ()))}) for one in content
    )


def figures_of(chapters: Iterable[Mapping[str, Any]]) -> tuple[ReleasedFigure, ...]:
    """The figures that released chapters carry, each once: several may end with the same."""
    found: dict[str, ReleasedFigure] = {}
    for chapter in chapters:
        for cell in chapter["cells"]:
            for output in cell.get("outputs", ()):
                for one in figures_from_json(output["data"].get(FIGURES_MIME_TYPE, ())):
                    found.setdefault(one.id, one)
    return tuple(found.values())


def _set(value: object) -> bool:
    return value not in (None, "", ())
