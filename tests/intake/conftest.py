"""Small messy registers, built as the programs that make them do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalkit.project.model import Project

KEY = b"a key for tests only"
Build = Callable[..., Project]


@pytest.fixture
def project_of(tmp_path: Path) -> Build:
    """A project whose registers are the named files of the test's own folder."""

    def build(*files: str, data_cut: str = "2019-12-31", **register: Any) -> Project:
        text = {"sv": "Prov", "en": "Trial"}
        return Project.model_validate(
            {
                "id": "trial",
                "title": text,
                "summary": text,
                "period": {"start": "2018-01-01", "end": "2019-12-31"},
                "data_cut": data_cut,
                "registers": [{"file": file, **register} for file in files],
                "chapters": ["data_quality"],
            }
        ).placed_in(tmp_path)

    return build


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., str]:
    """Writes lines as a file and gives back its name."""

    def write(*lines: str, name: str = "deltagare.csv", encoding: str = "utf-8-sig") -> str:
        (tmp_path / name).write_bytes("\r\n".join(lines).encode(encoding))
        return name

    return write


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., str]:
    """Writes rows as a workbook, lets the caller disturb the sheet, gives back its name."""

    def write(
        rows: Sequence[Sequence[Any]],
        *,
        name: str = "deltagare.xlsx",
        title: str = "Blad1",
        disturb: Callable[[Any], None] | None = None,
    ) -> str:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = title
        for row in rows:
            sheet.append(list(row))
        if disturb:
            disturb(sheet)
        book.save(tmp_path / name)
        return name

    return write
