"""Markdown cells → plain blocks: headings, paragraphs and bullets, nothing else.

A numbered list becomes paragraphs that begin with their numbers. Emphasis becomes plain text and
a link its text with the address after it, so that every document format shows the same words. Raw
HTML is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from evalkit.present.blocks import Bullets, Heading, Paragraph

Prose = Heading | Paragraph | Bullets
_PARSER = MarkdownIt("commonmark", {"html": False})


def blocks_from_markdown(source: str) -> tuple[Prose, ...]:
    r"""The blocks of a Markdown text in reading order.

    >>> blocks_from_markdown("## Vilka deltog?\n\nAlla *inskrivna* personer.")
    (Heading(level=2, text='Vilka deltog?'), Paragraph(text='Alla inskrivna personer.'))
    """
    return tuple(_blocks(SyntaxTreeNode(_PARSER.parse(source))))


def _blocks(node: SyntaxTreeNode) -> Iterator[Prose]:
    for child in node.children:
        if child.type == "heading":
            yield Heading(int(child.tag[1]), _text(child))
        elif child.type == "bullet_list":
            yield Bullets(tuple(_text(item) for item in child.children))
        elif child.type == "ordered_list":
            first = int(child.attrs.get("start", 1))
            yield from (Paragraph(f"{n}. {_text(i)}") for n, i in enumerate(child.children, first))
        elif child.type in {"fence", "code_block"}:
            yield Paragraph(child.content.strip())
        elif child.type == "paragraph":
            yield Paragraph(_text(child))
        elif child.children:
            yield from _blocks(child)


def _text(node: SyntaxTreeNode) -> str:
    return re.sub(" +", " ", "".join(_words(node))).strip(" ")


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    if node.type in {"text", "code_inline"}:
        yield node.content
    elif node.type in {"softbreak", "hardbreak"}:
        yield " "
    elif node.type == "image":
        yield str(node.content)
    else:
        for child in node.children:
            yield from _words(child)
        if node.type == "link" and _text_of_children(node) != node.attrs["href"]:
            yield f" ({node.attrs['href']})"
        if node.type == "paragraph":
            yield " "


def _text_of_children(node: SyntaxTreeNode) -> str:
    return "".join(word for child in node.children for word in _words(child))
