"""What the site needs beside its pages: links between languages, examples in docstrings."""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension, Object

ACROSS = re.compile(r"\[([^\]]+)\]\(\.\./(?:en|sv)/([\w-]+)\.md(#[\w-]+)?\)")
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
PRINTED = re.compile(r"<pre>(?:(?!</pre>).)*───.*?</pre>", re.DOTALL)  # ruled, as a table is
WIDE, LONG = 4, 60  # columns, one fewer where a cell has more letters than that
EXAMPLE = re.compile(r"^>>> .*?(?=\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The languages are built one by one: a link to the other goes to its finished page."""
    folder = "en/" if page.file.src_uri.startswith("sv/") else "../"
    return ACROSS.sub(rf'<a href="{folder}\2.html\3">\1</a>', markdown)


def on_page_content(html: str, **_: Any) -> str:
    """On a phone a wide table is a list of its rows, and what a terminal prints scrolls."""
    html = TABLE.sub(_with_labels, html)
    return PRINTED.sub(lambda found: found[0].replace("<pre>", '<pre tabindex="0">', 1), html)


def _with_labels(found: re.Match[str]) -> str:
    headings = re.findall(r"<th[^>]*>(.*?)</th>", found[0])
    names = [re.sub("<.*?>", "", one).replace('"', "&quot;") for one in headings]
    cells = (re.sub("<.*?>", "", one) for one in re.findall(r"<td[^>]*>(.*?)</td>", found[0]))
    if len(names) < WIDE - (max(map(len, cells), default=0) > LONG):
        return found[0]

    def labelled(row: re.Match[str]) -> str:
        labels = iter(names)
        return re.sub("<td", lambda _: f'<td data-label="{next(labels)}"', row[0])

    return re.sub(r"<tr>.*?</tr>", labelled, found[0], flags=re.DOTALL)


class Examples(Extension):
    """An example in a docstring is shown as code."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = EXAMPLE.sub(
                lambda found: f"```pycon\n{found[0]}\n```", obj.docstring.value
            )


def on_post_template(output: str, template_name: str, **_: Any) -> str:
    """The page of a wrong address has the same controls as the others."""
    return _with_names(output, is_swedish=True) if template_name == "404.html" else output


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """A page without a counterpart leads to the other language's first, from wherever it lies."""
    is_swedish = page.file.src_uri.startswith("sv/")
    output = _with_names(output, is_swedish=is_swedish)
    if is_swedish:
        return output.replace('href="/en/index.html"', 'href="en/index.html"')
    return output.replace('href="/index.html"', 'href="../index.html"')


def _with_names(output: str, *, is_swedish: bool) -> str:
    for toggle in ("drawer", "search"):  # for the mouse only; the buttons beside do the same
        mark = f'data-md-toggle="{toggle}"'
        output = output.replace(mark, f'{mark} aria-hidden="true" tabindex="-1"', 1)
    name = "Sök" if is_swedish else "Search"
    return output.replace('role="dialog"', f'role="dialog" aria-label="{name}"', 1)
