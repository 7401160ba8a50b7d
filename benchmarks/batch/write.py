"""The section on batches in BENCHMARKS.md, from what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import Any

FRAME = Path(__file__).with_name("BATCH.template.md")
START, END = "<!-- batch -->", "<!-- /batch -->"
TIMES_LESS, SECONDS_AGAIN, LINEAR_WITHIN, OF_A_CHAPTER = 6.0, 2.0, 1.2, 0.5
BUSY_FROM, MANY = 1.0, 1000
PART_NAMES = {
    "project": "one whole project",
    "turns": "against the usual ways",
    "many": "many projects",
    "growth": "more and more projects",
}
SHARED = (
    "\n**The machine was shared with other work when this was measured** (see the load): seconds "
    "by the clock\nare several times those of a quiet machine, and a command of more processes "
    "gets a larger part of it.\nRead the processor seconds.\n"
)
Measured = dict[str, Any]


def section(measured: Measured) -> str:
    """The section's text; a part that was not run says so."""
    turns, hundred, growth = (measured.get(part) for part in ("turns", "many", "growth"))
    return Template(FRAME.read_text(encoding="utf-8")).substitute(
        {name: measured[name] for name in ("machine", "versions")},
        when="; ".join(
            f"{PART_NAMES[part]} on {date} (load {before} before, {after} after)"
            for part, (date, before, after) in measured["when"].items()
        ),
        shared=SHARED if _is_shared(measured) else "",
        compared=_row(turns or [], "plain-1").get("chapters", "–"),
        own="one" if turns else "–",
        goals=_goals(measured.get("project") or {}, turns or [], hundred or {}, growth or []),
        contenders=_contenders(turns or [], hundred or {}) if turns else "Not run.",
        hundred=hundred["projects"] if hundred else "many",
        growth=_growth(growth) if growth else "Not run.",
    )


def placed(document: str, text: str) -> str:
    """The document with the section between its marks.

    Raises:
        ValueError: If the document has no such marks.
    """
    before, after = document.index(START) + len(START), document.index(END)
    return f"{document[:before]}\n\n{text.strip()}\n\n{document[after:]}"


def taken(document: str) -> str:
    """The section as it stands in a document, empty where there is none."""
    if START not in document:
        return ""
    return document.split(START)[1].split(END)[0].strip()


def _goals(
    project: Measured, turns: Sequence[Measured], hundred: Measured, growth: Sequence[Measured]
) -> str:
    rows = [
        *([_whole_goal(project)] if project else []),
        *_ratio_goals(turns, hundred),
        *([_again_goal(hundred)] if hundred else []),
        *([_linear_goal(growth)] if growth and growth[-1]["projects"] >= MANY else []),
    ]
    return _table(["goal", "asked", "measured", ""], rows) if rows else "Not measured."


def _whole_goal(project: Measured) -> list[str]:
    whole, chapter = project["whole"], project["chapter"]
    what = (
        "`evalkit render data/sample/arena-for-arbete`, both languages, four formats, against one "
        "of its chapters by papermill and nbconvert, processor seconds, median of "
        f"{project['rounds']} turns"
    )
    return [
        what,
        f"≤ {OF_A_CHAPTER:g}×",
        f"{whole / chapter:.2f}× ({whole:.1f} s, {chapter:.1f} s)",
        _word(whole / chapter <= OF_A_CHAPTER),
    ]


def _ratio_goals(turns: Sequence[Measured], hundred: Measured) -> Iterable[list[str]]:
    if not turns or not hundred:
        return
    for key, what in (("plain-1", "plain notebooks"), ("own-1", "evalkit's own chapters")):
        other = _row(turns, key)
        clock, processor = (
            _each(other, name) / _each(hundred, name) for name in ("seconds", "processor_seconds")
        )
        yield [
            f"time per chapter against papermill and nbconvert one after another, {what}",
            f"{TIMES_LESS:g}× less",
            f"{clock:.1f}× by the clock, {processor:.1f}× in processor seconds",
            _word(min(clock, processor) >= TIMES_LESS),
        ]


def _again_goal(hundred: Measured) -> list[str]:
    again = hundred["seconds_again"]
    what = f"second run with nothing changed, {hundred['projects']} projects"
    found = f"{again:.2f} s"
    if "processor_seconds_again" in hundred:
        found += f" ({hundred['processor_seconds_again']:.2f} processor seconds)"
    return [what, f"{SECONDS_AGAIN:g} s", found, _word(again < SECONDS_AGAIN)]


def _linear_goal(growth: Sequence[Measured]) -> list[str]:
    """Processor seconds: what others do on the machine must not look like growth."""
    last = growth[-1]
    base = next((one for one in growth if one["projects"] >= 100), growth[0])
    ratio = _each(last, "processor_seconds") / _each(base, "processor_seconds")
    what = f"processor seconds per project, {last['projects']:,} against {base['projects']:,}"
    return [what, f"≤ {LINEAR_WITHIN:g}", f"{ratio:.2f}", _word(ratio <= LINEAR_WITHIN)]


def _contenders(turns: Sequence[Measured], hundred: Measured) -> str:
    header = [
        "per chapter",
        "chapters",
        "seconds",
        "times evalkit's",
        "processor seconds",
        "times evalkit's",
        "peak memory",
    ]
    base = hundred or _row(turns, "evalkit")
    of_batch = f"`evalkit render`, two workers, {base.get('projects', '')} projects, whole reports"
    first = [{**hundred, "label": of_batch}] if hundred else []
    return _table(header, [_contender(one, base) for one in [*first, *turns]])


def _contender(one: Measured, base: Measured) -> list[str]:
    cells = [one["label"], str(one["chapters"])]
    for name in ("seconds", "processor_seconds"):
        factor = _each(one, name) / _each(base, name)
        cells += [
            f"{_each(one, name):.2f}",
            "1" if one["label"] == base.get("label") else f"{factor:.1f}×",
        ]
    return [*cells, _megabytes(one["peak_bytes"])]


def _growth(growth: Sequence[Measured]) -> str:
    header = [
        "projects",
        "seconds",
        "seconds per project",
        "processor seconds per project",
        "peak memory",
        "again, nothing changed",
    ]
    rows = [
        [
            f"{one['projects']:,}",
            f"{one['seconds']:,.0f}",
            f"{_each(one, 'seconds'):.2f}",
            f"{_each(one, 'processor_seconds'):.2f}",
            _megabytes(one["peak_bytes"]),
            f"{one['seconds_again']:.2f} s",
        ]
        for one in growth
    ]
    return _table(header, rows)


def _is_shared(measured: Measured) -> bool:
    """Whether others kept the machine busy before a part of the run began."""
    loads = [before for _, before, _ in measured["when"].values()]
    return any(one.replace(".", "").isdigit() and float(one) > BUSY_FROM for one in loads)


def _row(turns: Sequence[Measured], key: str) -> Measured:
    return next((one for one in turns if one["key"] == key), {})


def _each(one: Measured, name: str) -> float:
    return float(one[name]) / int(one["chapters"])


def _word(is_reached: bool) -> str:
    return "reached" if is_reached else "**not reached**"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
