"""Row headers in a tagged PDF: typst's binding marks the header row only.

A screen reader then says which row a number belongs to (PDF/UA-1, 7.5; WCAG 2.1, 1.3.1).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any


class UntaggedTable(ValueError):
    """The structure tree does not hold the tables that were written."""


def with_row_headers(pdf: bytes, row_headers: Sequence[int]) -> bytes:
    """The PDF with the first cells of each body row marked as headers of their row.

    Args:
        pdf: A tagged PDF.
        row_headers: For each table in reading order, how many cells head a row.

    Raises:
        UntaggedTable: If the PDF holds another number of tables.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tables = list(elements(opened.Root.StructTreeRoot, "/Table"))
        if len(tables) != len(row_headers):
            raise UntaggedTable(f"expected {len(row_headers)} tables, found {len(tables)}")
        for table, headers in zip(tables, row_headers, strict=True):
            _mark(table, headers)
        target = io.BytesIO()
        opened.save(target, deterministic_id=True, fix_metadata_version=False)
    return target.getvalue()


def elements(node: Any, kind: str) -> Iterator[Any]:
    """Structure elements of a kind below a node, in reading order; none lies in another."""
    for child in children(node):
        if child.get("/S") == kind:
            yield child
        else:
            yield from elements(child, kind)


def children(node: Any) -> list[Any]:
    """The structure elements right below a node; marked content is no element."""
    import pikepdf

    kids = node.get("/K")
    if kids is None:
        return []
    found = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in found if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _mark(table: Any, headers: int) -> None:
    import pikepdf

    for body in elements(table, "/TBody"):
        for row in elements(body, "/TR"):
            for cell in children(row)[:headers]:
                cell.S = pikepdf.Name.TH
                cell.A = _row_scope(cell.get("/A"))


def _row_scope(attributes: Any) -> Any:
    """The cell's attributes with the scope added."""
    import pikepdf

    scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
    if attributes is None:
        return pikepdf.Array([scope])
    kept = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return pikepdf.Array([*kept, scope])
