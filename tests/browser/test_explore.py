"""The exploring notebook in JupyterLab and a real browser: run all, use the controls, save.

Run where Chromium is on the path and playwright's package is installed. Screenshots stay in
pytest's folder, for whoever wants to look.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY

# Every cell stays on the page, so that the test finds it wherever the notebook is scrolled to.
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
}
SECONDS = 60_000  # milliseconds: a kernel that loads everything, on a slow machine


def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if found is None:
        pytest.skip("Chromium is needed to open JupyterLab")
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """JupyterLab on the loopback, with the notebook and the sample beside it."""
    pytest.importorskip("playwright")
    pytest.importorskip("ipywidgets")
    chromium()
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    shutil.copy(REPOSITORY / "notebooks" / "explore.ipynb", folder / "notebooks")
    shutil.copytree(REPOSITORY / "data" / "sample", folder / "data" / "sample")
    (folder / "labconfig").mkdir()
    settings = folder / "labconfig" / "default_setting_overrides.json"
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.token=", "--ServerApp.password=", "--allow-root", f"--notebook-dir={folder}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "HOME": str(folder),
                   "JUPYTER_CONFIG_DIR": str(folder), "TMPDIR": str(folder)}  # fmt: skip
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}"), folder
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _answering(address: str) -> str:
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{address}/api", timeout=5):
                return address
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"no JupyterLab at {address}")


@pytest.fixture
def page(lab: tuple[str, Path]) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        opened = browser.new_page(viewport={"width": 1400, "height": 1000})
        opened.set_default_timeout(SECONDS)
        yield opened
        browser.close()


@pytest.mark.slow
def test_open_run_all_use_the_controls_and_save_a_figure(lab: tuple[str, Path], page: Any) -> None:
    address, folder = lab
    page.goto(f"{address}/lab/tree/notebooks/explore.ipynb?reset")
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("(ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    answer = page.locator(".widget-html-content")
    answer.get_by_text("Inom 365").first.wait_for()
    assert "Kvinnor" in answer.inner_text()
    assert answer.locator("svg").first.bounding_box()["width"] > 300
    answer.scroll_into_view_if_needed()
    page.screenshot(path=folder / "1-first.png")

    outcome, group = page.locator(".widget-dropdown select").all()
    start = time.monotonic()
    outcome.select_option("Studier")
    group.select_option("Kommun")
    answer.get_by_text("Tomelilla:").first.wait_for()
    assert time.monotonic() - start < 30
    assert "gått till studier" in answer.inner_text()
    slider = page.locator(".widget-slider .noUi-handle")
    slider.focus()
    page.keyboard.press("Home")
    answer.get_by_text("Inom 1 dag ").first.wait_for()
    page.screenshot(path=folder / "2-controls.png")

    shares = page.locator(".jp-OutputArea .evalkit table", has_text="Kvinnor").last
    shares.scroll_into_view_if_needed()
    page.screenshot(path=folder / "3-shares.png")
    page.get_by_text("shares-internt-ej-granskat.png").first.wait_for()
    (saved,) = folder.glob("tmp*/shares-internt-ej-granskat.png")
    assert saved.read_bytes().startswith(b"\x89PNG")
    assert not page.locator(".jp-RenderedText[data-mime-type*='stderr']").count()
