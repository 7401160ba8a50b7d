"""The released figures of each edition of a report, compared with the editions before it.

The ledger (`editions`) holds only figures that stand in a report that was put in place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evalkit.disclosure.ledger import Difference, Figure, revealing_differences
from evalkit.disclosure.rule import Rule, rule_for
from evalkit.documents.editions.store import LEDGER, editions
from evalkit.documents.kept import chapter_blocks
from evalkit.language import Texts
from evalkit.present.blocks import Block, Cell, Table
from evalkit.present.blocks import Figure as Chart
from evalkit.project import Project
from evalkit.project.vocabulary import LanguageCode

# Curves and what is read off them come from rounded counts, whose changes tell of at least
# as many persons as were rounded together; so do those of a comparison group; series are
# published by others.
_CHAPTERS_WITHOUT = frozenset({"comparison_group", "time_to_employment", "trend_against_reference"})
# Worked out from what is published, or about the file and not about persons.
_TABLES_WITHOUT = ("claim", "feasible", "findings")


def released_figures(chapters: Mapping[str, dict[str, Any]]) -> dict[str, Figure]:
    """The figures that executed chapters print, by table, row and column."""
    found: dict[str, Figure] = {}
    for name, chapter in chapters.items():
        if name not in _CHAPTERS_WITHOUT:
            for table in _tables(chapter_blocks(chapter)):
                found.update(_figures(table))
    return found


def refused_edition(
    project: Project,
    chapters: Mapping[str, dict[str, Any]],
    *,
    folder: Path,
    language: LanguageCode,
) -> str:
    """Why a report may not be put beside earlier editions in its language; else empty.

    A synthetic register has no persons to reveal, so its editions are not compared.

    Raises:
        UnreadableLedger: If it cannot be told what the earlier editions hold.
    """
    if project.is_synthetic:
        return ""
    rule = rule_for(project.disclosure.profile)
    earlier = _editions(folder, language)
    found = revealing_differences(earlier, released_figures(chapters), rule)
    return _sentence(found, rule, folder=folder, texts=Texts(language)) if found else ""


def edition_of(
    project: Project,
    chapters: Mapping[str, dict[str, Any]],
    *,
    language: LanguageCode,
    signed_by: str,
) -> dict[str, Any] | None:
    """What the ledger is to hold of an edition that is published; None for made-up persons."""
    if project.is_synthetic:
        return None
    return {
        "published": datetime.now(UTC).date().isoformat(),
        "by": signed_by,
        "language": language,
        "data_cut": project.data_cut.isoformat(),
        "disclosure_profile": project.disclosure.profile,
        "figures": {
            key: [figure.kind, figure.value, figure.n, figure.decimals]
            for key, figure in sorted(released_figures(chapters).items())
        },
    }


def _sentence(found: Sequence[Difference], rule: Rule, *, folder: Path, texts: Texts) -> str:
    """In the report's language; the ledger by a path that names no machine."""
    return texts.format(
        "document.edition_refused",
        editions=", ".join(sorted({difference.edition for difference in found})),
        fewest=str(rule.threshold),
        tables=", ".join(sorted({difference.table for difference in found})),
        ledger=f"{folder.parent.name}/{folder.name}/{LEDGER}",
    )


def _editions(folder: Path, language: str) -> dict[str, dict[str, Figure]]:
    """Earlier editions in a language by data cut; the number tells those of one day apart."""
    found = {}
    for number, entry in enumerate(editions(folder), start=1):
        if entry["language"] == language:
            figures = {key: Figure(*values) for key, values in entry["figures"].items()}
            found[f"{entry['data_cut']} (no. {number})"] = figures
    return found


def _tables(blocks: Sequence[Block]) -> Iterator[Table]:
    for block in blocks:
        table = block.data if isinstance(block, Chart) else block
        if isinstance(table, Table) and not table.id.startswith(_TABLES_WITHOUT):
            yield table


def _figures(table: Table) -> Iterator[tuple[str, Figure]]:
    seen: dict[str, int] = {}
    for row in table.rows:
        name = " · ".join(cell.text for cell in row[: table.row_headers])
        seen[name] = seen.get(name, 0) + 1
        n = max((cell.value or 0.0 for cell in row if cell.kind == "count"), default=0.0)
        for column, cell in zip(table.columns, row, strict=True):
            figure = _figure(cell, n)
            if figure is not None:
                yield f"{table.id}/{name} {seen[name]}/{column}", figure


def _figure(cell: Cell, n: float) -> Figure | None:
    if cell.value is None or cell.kind not in ("count", "percent"):
        return None
    if cell.kind == "count":
        return Figure("count", cell.value)
    return Figure("share", round(cell.value, cell.decimals + 2), n, cell.decimals)
