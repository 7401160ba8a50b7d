"""The counting pass itself: checked spells → counts per group, kind of ending and time.

Written for 1e6 rows and more: one ``bincount`` over a combined whole-number key, in chunks
that stay in the processor's cache, so that no temporary is as long as the data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

CHUNK_ROWS = 65_536
TIE_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spells:
    """Checked columns of one row per spell; ``causes`` 0 is censored."""

    days: np.ndarray
    causes: np.ndarray
    n_causes: int
    groups: np.ndarray | None
    group_names: tuple[str, ...]
    entry: np.ndarray | None
    weights: np.ndarray | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """``seen`` is (G, 1 + C, T): endings by kind, censored first; the rest as `EventTable`."""

    times: np.ndarray
    started: np.ndarray
    entered: np.ndarray
    seen: np.ndarray
    persons: np.ndarray


def count_spells(spells: Spells) -> Counts:
    """Counts on the grid of whole days where that is dense enough, else on the sorted times."""
    longest = float(spells.days.max())
    if _is_dense(spells, longest):
        counts = _count(spells, int(longest) + 1, None)
        happens = counts.seen.any(axis=(0, 1)) | counts.entered.any(axis=0)
        return replace(
            counts,
            times=counts.times[happens],
            entered=counts.entered[:, happens],
            seen=counts.seen[:, :, happens],
        )
    # Times merged where they differ only by rounding, then counted by their rank.
    if spells.entry is None:
        order = np.argsort(spells.days)
        ordered = spells.days[order]
        is_new = _is_new_time(ordered)
        ranks = np.empty(len(order), dtype=np.intp)
        ranks[order] = np.cumsum(is_new) - 1
        times = ordered[is_new]
        return _count(replace(spells, days=ranks), len(times), times)
    return _count_sparse_with_entry(spells, spells.entry)


def _is_dense(spells: Spells, longest: float) -> bool:
    """Whether times are whole and their range is of the order of the data."""
    cells = (spells.n_causes + 1) * len(spells.group_names)
    if longest * cells > 8 * len(spells.days) + 2_000_000:
        return False
    columns = [c for c in (spells.days, spells.entry) if c is not None and c.dtype.kind == "f"]
    return all(_is_whole(column) for column in columns)


def _is_whole(values: np.ndarray) -> bool:
    starts = range(0, len(values), CHUNK_ROWS)
    chunks = (values[i : i + CHUNK_ROWS] for i in starts)
    return all(bool((chunk == np.floor(chunk)).all()) for chunk in chunks)


def _count_sparse_with_entry(spells: Spells, entry: np.ndarray) -> Counts:
    """Entries are merged together with exits: an entry a rounding before an exit is on it."""
    values = np.unique(np.concatenate([spells.days, entry[entry > 0]]))
    times = values[_is_new_time(values)]
    ranks = np.searchsorted(times, spells.days, side="right") - 1
    entry_ranks = np.searchsorted(times, entry, side="right") - 1
    entry_ranks[entry <= 0] = -1
    if (entry_ranks >= ranks)[entry > 0].any():
        raise ValueError("entry: not before days (the exit), rounding aside")
    return _count(replace(spells, days=ranks, entry=entry_ranks), len(times), times)


def _is_new_time(ordered: np.ndarray) -> np.ndarray:
    """Where a sorted time is not the one before it but for rounding.

    Therneau's ``aeqSurv``: a gap counts as rounding when it is at most √ε, absolutely or
    relative to the mean of the distinct times.
    """
    gaps = np.diff(ordered)
    differs = np.concatenate([[True], gaps > 0])
    scale = float(np.abs(ordered[differs]).mean()) or 1.0
    smallest = TIE_TOLERANCE * max(1.0, scale)
    return np.concatenate([[True], gaps > smallest])


def _count(spells: Spells, n_times: int, times: np.ndarray | None) -> Counts:
    """Counts over ``n_times`` places, named by ``times`` when they are not 0, 1, 2 and so on."""
    n_groups, kinds = len(spells.group_names), spells.n_causes + 1
    shape = (n_groups, kinds, n_times)
    seen = _count_keys(spells, spells.days, spells.causes, shape).reshape(shape)
    entered = np.zeros((n_groups, n_times), dtype=seen.dtype)
    started = seen.sum(axis=(1, 2))
    if spells.entry is not None:
        delayed = spells.entry > 0 if times is None else spells.entry >= 0
        late = _only(spells, delayed)
        assert late.entry is not None
        entered = _count_keys(late, late.entry, None, (n_groups, 1, n_times))
        entered = entered.reshape(n_groups, n_times)
        started = _total_weight(_only(spells, ~delayed), n_groups)
    persons = started + entered.sum(axis=1)
    if spells.weights is not None:
        persons = _total_weight(replace(spells, weights=None), n_groups)
    return Counts(
        times=np.arange(n_times) if times is None else times,
        started=started,
        entered=entered,
        seen=seen,
        persons=persons,
    )


def _count_keys(
    spells: Spells, places: np.ndarray, causes: np.ndarray | None, shape: tuple[int, int, int]
) -> np.ndarray:
    """Weight per (group, kind, place), flat; chunked, each chunk counted and added."""
    size = int(np.prod(shape))
    columns = (spells.groups, causes, places)
    given = [(c, width) for c, width in zip(columns, shape, strict=True) if c is not None]
    is_weighted = spells.weights is not None
    total = np.zeros(size, dtype=float if is_weighted else np.int64)
    chunk = max(CHUNK_ROWS, size)
    buffer = np.empty(min(chunk, len(places)), dtype=np.intp)
    for start in range(0, len(places), chunk):
        rows = slice(start, start + chunk)
        key = _combined_key([(c[rows], width) for c, width in given], buffer)
        weights = None if spells.weights is None else spells.weights[rows]
        total += np.bincount(key, weights, minlength=size)
    return total


def _combined_key(columns: list[tuple[np.ndarray, int]], buffer: np.ndarray) -> np.ndarray:
    """One whole number per row out of codes and their widths, written into the buffer."""
    (key, _), *others = columns
    written = buffer[: len(key)]
    for codes, width in others:
        np.multiply(key, width, out=written, casting="unsafe", dtype=np.intp)
        np.add(written, codes, out=written, casting="unsafe")
        key = written
    if key is not written:
        written[...] = key
    return written


def _only(spells: Spells, rows: np.ndarray) -> Spells:
    def kept(column: np.ndarray | None) -> np.ndarray | None:
        return None if column is None else column[rows]

    return replace(
        spells,
        days=spells.days[rows],
        causes=spells.causes[rows],
        groups=kept(spells.groups),
        entry=kept(spells.entry),
        weights=kept(spells.weights),
    )


def _total_weight(spells: Spells, n_groups: int) -> np.ndarray:
    if spells.groups is None:
        n = len(spells.days) if spells.weights is None else spells.weights.sum()
        return np.array([n], dtype=np.int64 if spells.weights is None else float)
    totals: np.ndarray = np.bincount(spells.groups, spells.weights, minlength=n_groups)
    return totals
