"""What a report said before: kept in the manifest, told on the portfolio page.

A run that changes nothing keeps what the one before it had to tell. Figures that beside the
new ones would tell of a few persons are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evalkit.figures import ReleasedFigure, figures_from_json, figures_to_json

ChangeKind = Literal["new", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs from the earlier edition of its report."""

    kind: ChangeKind
    before: ReleasedFigure | None
    after: ReleasedFigure | None

    @property
    def figure(self) -> ReleasedFigure:
        """The newer of the two."""
        found = self.after or self.before
        assert found is not None
        return found


def history_of(
    figures: Sequence[ReleasedFigure],
    *,
    data_cut: str,
    earlier: Mapping[str, Any],
    threshold: int,
    is_draft: bool = False,
) -> dict[str, Any]:
    """The figures of a report that was made, and those of the edition before it.

    A draft is no edition: what comes after it is compared with the one before it.

    Args:
        figures: Of the new report.
        data_cut: Of the new report.
        earlier: Its entry in the manifest as it stood; empty for a first report.
        threshold: Fewest persons that a difference between two editions may tell of; 0 for
            made-up registers.
        is_draft: Whether the new report is one.
    """
    entry = earlier["previous"] if earlier.get("is_draft") else earlier
    return {
        "figures": figures_to_json(figures),
        "previous": _previous(figures, entry, threshold),
        "data_cut": data_cut,
        **({"is_draft": True} if is_draft else {}),
    }


def carried_history(earlier: Mapping[str, Any]) -> dict[str, Any]:
    """For a report that could not be made: what was told of the one that still stands.

    Where none stands there is nothing to carry: an attempt that failed is no edition.
    """
    kept = ("figures", "data_cut", "is_draft")
    carried = {name: earlier[name] for name in kept if name in earlier}
    return {**carried, "previous": earlier.get("previous", {})}


def changes(entry: Mapping[str, Any]) -> tuple[Change, ...]:
    """What an entry of a manifest says has changed since the edition before it."""
    before = entry["previous"].get("figures")
    if before is None:
        return ()
    return changed_figures(figures_from_json(before), figures_from_json(entry.get("figures", ())))


def changed_figures(
    before: Sequence[ReleasedFigure], after: Sequence[ReleasedFigure]
) -> tuple[Change, ...]:
    """What differs between the figures of two editions, or of two drafts."""
    return tuple(_changes({one.id: one for one in before}, {one.id: one for one in after}))


def _changes(
    before: Mapping[str, ReleasedFigure], after: Mapping[str, ReleasedFigure]
) -> Iterator[Change]:
    for name, figure in after.items():
        if name not in before:
            yield Change("new", None, figure)
        elif _said(before[name]) != _said(figure):
            yield Change("changed", before[name], figure)
    for name, figure in before.items():
        if name not in after:
            yield Change("gone", figure, None)


def _said(figure: ReleasedFigure) -> tuple[object, ...]:
    """What a reader reads in the figure, whatever it is called."""
    return (figure.value, figure.low, figure.high, figure.n, figure.events, figure.goal)


def _previous(
    figures: Sequence[ReleasedFigure],
    earlier: Mapping[str, Any],
    threshold: int,
) -> dict[str, Any]:
    if not {"figures", "data_cut"} <= set(earlier):  # no edition stands
        return {}
    old = figures_from_json(earlier["figures"])
    if old == tuple(figures):
        return dict(earlier.get("previous", {}))
    if _tells_of_few(old, figures, threshold):
        return {}
    return {"data_cut": earlier["data_cut"], "figures": earlier["figures"]}


def _tells_of_few(
    before: Sequence[ReleasedFigure], after: Sequence[ReleasedFigure], threshold: int
) -> bool:
    """Whether a count behind a figure differs, but by fewer persons than the threshold."""
    new = {one.id: one for one in after}
    return any(
        0 < abs(earlier - later) < threshold
        for old in before
        if old.id in new
        for earlier, later in zip(_persons(old), _persons(new[old.id]), strict=True)
        if earlier is not None and later is not None
    )


def _persons(figure: ReleasedFigure) -> tuple[int | None, int | None, int | None]:
    n, events = figure.n, figure.events
    return n, events, None if n is None or events is None else n - events
