"""The documentation site: it builds, every link leads somewhere, nothing comes from elsewhere."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

ROOT = Path(__file__).parent.parent


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Page(HTMLParser):
    """What a page links to, loads and can be linked at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        self.anchors |= {own[key] for key in ("id", "name") if key in own}
        if tag == "html":
            self.language = own.get("lang", "")
        if tag == "a" and "href" in own:
            self.links.append(own["href"])
        if "src" in own:
            self.loaded.append(own["src"])
        if tag == "link" and own.get("rel") not in ("alternate", "canonical", "prev", "next"):
            self.loaded.append(own.get("href", ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Page]:
    """The pages of a site built beside the repository, with a gallery of no reports."""
    root = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", root / "docs", ignore=shutil.ignore_patterns("reports"))
    shutil.copy(ROOT / "mkdocs.yml", root)
    generate = _generate()
    generate.DOCS = root / "docs"
    generate.pages(reports=root / "none")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"],
        cwd=root, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert built.returncode == 0, built.stderr[-2000:]
    made = root / "site"
    return {
        file.relative_to(made): Page(file.read_text(encoding="utf-8"))
        for file in made.rglob("*.html")
        if file.name != "404.html"
    }


def test_every_link_of_the_site_leads_to_a_page_and_a_place_on_it(site):
    lost = []
    for file, page in site.items():
        for link in page.links:
            target, anchor = urldefrag(link)
            if urlsplit(link).scheme or target.endswith((".pdf", ".docx")):
                continue
            named = Path(unquote(target)) if target else Path(file.name)
            parts = [*file.parent.parts, *named.parts]
            while ".." in parts:
                at = parts.index("..")
                del parts[max(at - 1, 0) : at + 1]
            found = site.get(Path(*parts))
            if found is None or (anchor and unquote(anchor) not in found.anchors):
                lost.append(f"{file}: {link}")
    assert lost == []


def test_nothing_is_loaded_from_elsewhere(site):
    for file, page in site.items():
        assert [one for one in page.loaded if urlsplit(one).netloc] == [], file


def test_each_language_says_which_it_is(site):
    for file, page in site.items():
        assert page.language == ("en" if file.parts[0] == "en" else "sv"), file
