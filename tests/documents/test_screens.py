"""Reports on a phone, a tablet and a desk, measured in headless Chromium."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from evalkit.documents.webpages import report_page
from evalkit.language import Language
from tests.support.reports import SAMPLES, document_of

pytestmark = pytest.mark.slow

WIDTHS = (360, 768, 1280)
# Fonts that are not yet drawn as shapes, and halves of pixels.
SLACK = 1.5
_MEASURE = """
const within = (inner, outer) => inner.left >= outer.left - %(slack)s
  && inner.right <= outer.right + %(slack)s && inner.top >= outer.top - %(slack)s
  && inner.bottom <= outer.bottom + %(slack)s;
const shown = (element) => element.getClientRects().length > 0;
const measured = [...document.querySelectorAll('iframe')].map((frame) => {
  const page = frame.contentDocument;
  page.querySelectorAll('.ek-figure details').forEach((one) => { one.open = true; });
  const charts = [...page.querySelectorAll('.ek-chart svg')].filter(shown);
  const outside = charts.filter((svg) => [...svg.querySelectorAll('use')].some(
    (glyph) => !within(glyph.getBoundingClientRect(), svg.getBoundingClientRect())));
  const scrolls = [...page.querySelectorAll('*')].filter((one) => shown(one)
    && one.scrollWidth > one.clientWidth + 1
    && ['auto', 'scroll'].includes(page.defaultView.getComputedStyle(one).overflowX));
  return {
    width: page.defaultView.innerWidth,
    page: page.documentElement.scrollWidth,
    charts: charts.length,
    outside: outside.map((svg) => svg.id),
    sideways: scrolls.filter((one) => !one.matches('.contents')).map((one) => one.innerText),
    deaf: scrolls.filter((one) => one.tabIndex < 0 && !one.querySelector('a'))
      .map((one) => one.innerText),
    idle: [...page.querySelectorAll('[tabindex="0"]')].filter((one) => !scrolls.includes(one))
      .map((one) => one.innerText),
    folded: [...page.querySelectorAll('.contents-folded')].filter(shown).length,
    links: [...page.querySelectorAll('main summary')].map((one) => one.textContent),
  };
});
document.body.textContent = JSON.stringify(measured);
"""


def measured(page: str, folder: Path) -> list[dict[str, Any]]:
    """What Chromium makes of a page at each width."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("Chromium is needed: how a report looks at three widths was not checked")
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    frames = "".join(
        f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{html.escape(page)}">'
        "</iframe>"
        for width in WIDTHS
    )
    script = _MEASURE % {"slack": SLACK}
    file = folder / "screens.html"
    file.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{frames}<script>"
        f"addEventListener('load', () => {{{script}}});</script>",
        encoding="utf-8",
    )
    done = subprocess.run(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom",
         "--window-size=1400,1000", "--virtual-time-budget=20000", file.as_uri()],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"<body>(\[.*\])", done.stdout, re.DOTALL)
    assert found is not None, done.stdout[:500]
    result: list[dict[str, Any]] = json.loads(html.unescape(found.group(1)))
    return result


@pytest.mark.parametrize(
    ("name", "language"), [*((name, "sv") for name in SAMPLES), ("arena-for-arbete", "en")]
)
def test_nothing_is_out_of_sight_on_any_screen(
    name: str, language: Language, tmp_path: Path
) -> None:
    views = measured(report_page(document_of(name, language)), tmp_path)
    assert [view["width"] for view in views] == list(WIDTHS)
    phone, _, desk = views
    for view in views:
        assert view["charts"] > 3
        assert view["outside"] == []
        assert view["page"] <= view["width"]
        assert view["deaf"] == []  # what scrolls can be reached by keyboard
    assert phone["sideways"] == []
    assert (phone["folded"], desk["folded"]) == (1, 0)
    assert desk["idle"] == []  # no tab stop where nothing scrolls
    assert len(phone["links"]) == len(set(phone["links"]))


def test_a_text_outside_its_chart_would_be_seen(tmp_path: Path) -> None:
    page = report_page(document_of("arena-for-arbete", "sv")).replace(
        'viewBox="0 0 243', 'viewBox="60 0 243'
    )
    phone, *_ = measured(page, tmp_path)
    assert phone["outside"]
