"""What a machine can check of WCAG 2.1 AA in an HTML page, read with the standard parser."""

from __future__ import annotations

import itertools
from collections import Counter
from html.parser import HTMLParser

_VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Start tags in order, with their attributes, the path above them and their text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.unclosed: list[int] = []
        self.mismatched: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")
        if tag not in _VOID:
            self.unclosed.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        opened = self.unclosed.pop()
        if self.elements[opened][0] != tag:
            self.mismatched.append(tag)

    def handle_data(self, data: str) -> None:
        for position in self.unclosed:
            self.texts[position] += data

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.elements if tag[0] == "h" and tag[1:].isdigit()]


def faults(html: str, language: str) -> list[str]:
    """Every fault found, in words; an empty list for a page without any."""
    page = Page(html)
    found = [f"<{tag}> closes another element" for tag in page.mismatched]
    found += _structure(page, language) + _references(page) + _tables(page) + _fetching(page)
    return found


def _structure(page: Page, language: str) -> list[str]:
    headings = page.headings()
    title = [
        text for (tag, _), text in zip(page.elements, page.texts, strict=True) if tag == "title"
    ]
    checks = {
        "language": page.of("html")[0].get("lang") == language,
        "one h1": headings.count(1) == 1,
        "heading order": all(b <= a + 1 for a, b in itertools.pairwise(headings)),
        "title": bool(title and title[0].strip()),
        "main": len(page.of("main")) == 1,
        "viewport": any(meta.get("name") == "viewport" for meta in page.of("meta")),
        "skip link": next(iter(page.of("a")))["href"] == "#content",
    }
    return [name for name, holds in checks.items() if not holds]


def _references(page: Page) -> list[str]:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    found = [f"id {name} twice" for name, count in Counter(ids).items() if count > 1]
    for tag, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            found += [
                f"<{tag}> {name} {target} is nowhere"
                for target in attributes.get(name, "").split()
                if target not in ids
            ]
        href = attributes.get("href", attributes.get("xlink:href", ""))
        if href.startswith("#") and href[1:] not in ids:
            found.append(f"<{tag}> links to {href}, which is nowhere")
    return found


def _tables(page: Page) -> list[str]:
    found = []
    if len(page.of("table")) != len(page.of("caption")):
        found.append("a table without caption")
    found += ["th without scope" for th in page.of("th") if th.get("scope") not in {"col", "row"}]
    found += ["merged cells" for cell in page.of("th", "td") if {"colspan", "rowspan"} & set(cell)]
    for svg in page.of("svg"):
        if svg.get("role") != "img" or not svg.get("aria-labelledby"):
            found.append("a chart without role or name")
    return found


def _fetching(page: Page) -> list[str]:
    found = [f"<{tag}>" for tag in ("script", "link", "iframe", "object", "img") if page.of(tag)]
    for tag, attributes in page.elements:
        found += [f"<{tag} {name}>" for name in attributes if name.startswith("on")]
        if "src" in attributes:
            found.append(f"<{tag} src>")
        if tag == "a" and attributes["href"].startswith("javascript:"):
            found.append("javascript: link")
    return found
