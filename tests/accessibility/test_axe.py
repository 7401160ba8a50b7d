"""axe-core finds no fault in a report: run where Node, Chromium and the packages are at hand.

To have it run: ``npm install --prefix tests/accessibility``, with Chromium on the path.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from evalkit.documents.portfolio.entries import Entry
from evalkit.documents.webpages import index_page, report_page
from tests.documents.writers.documents import document

HERE = Path(__file__).parent


@pytest.fixture
def tools() -> tuple[str, str]:
    node = shutil.which("node")
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if node is None or chromium is None:
        pytest.skip("Node and Chromium are needed to run axe-core")
    if not (HERE / "node_modules" / "axe-core").is_dir():
        pytest.skip("axe-core is not installed: npm install --prefix tests/accessibility")
    return node, chromium


@pytest.mark.slow
def test_axe_finds_no_fault_in_a_report_of_every_kind_of_block(tools, tmp_path) -> None:
    node, chromium = tools
    for language in ("sv", "en"):
        report = document(language=language)
        (tmp_path / f"report.{language}.html").write_text(report_page(report), encoding="utf-8")
        entry = Entry(
            id="x", title=report.title, summary=report.summary, period=("2018-01-01", "2019-12-31"),
            data_cut="2019-12-31", is_synthetic=True, headlines=report.headlines,
            link=f"report.{language}.html", siblings=(("PDF", "report.pdf"),),
        )  # fmt: skip
        page = index_page((entry,), language=language)
        (tmp_path / f"index.{language}.html").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [node, HERE / "axe.mjs", tmp_path, chromium], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 pages, 24 views, 0 faults" in done.stdout
