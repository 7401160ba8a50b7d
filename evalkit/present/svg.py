"""Charts as SVG that may stand inside a page: named for screen readers, inert, ids their own.

Several charts share one page, so every id and every style is confined to its chart;
whatever could run or fetch something is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_FORBIDDEN = frozenset({"script", "foreignObject", "iframe", "a", "animate", "set"})
_DROPPED = frozenset({"metadata", "title", "desc"})

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


class UnsafeSvg(ValueError):
    """A chart that holds a script, a link or something from elsewhere."""


# A chart stands in its chapter, in the report and perhaps in the two pages.
@lru_cache(maxsize=128)
def inline_svg(svg: str, *, id_prefix: str, title: str, description: str) -> str:
    """A chart ready to stand in HTML, with ``role="img"``, a title and a description.

    Raises:
        UnsafeSvg: If the chart is not plain drawing.
    """
    root = _parsed(svg)
    _drop(root)
    for element in root.iter():
        _confine(element, id_prefix)
    _fit(root)
    _name(root, id_prefix, title, description)
    return ET.tostring(root, encoding="unicode")


def _parsed(svg: str) -> ET.Element:
    if "<!ENTITY" in svg:
        raise UnsafeSvg("the chart declares entities")
    try:
        root = ET.fromstring(svg)
    except ET.ParseError:
        raise UnsafeSvg("the chart is not well-formed SVG") from None
    if _local(root.tag) != "svg":
        raise UnsafeSvg("the chart is not SVG")
    return root


def _drop(root: ET.Element) -> None:
    """Take away metadata (dates, software, old titles)."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in _DROPPED:
                parent.remove(child)


def _confine(element: ET.Element, prefix: str) -> None:
    name = _local(element.tag)
    if name in _FORBIDDEN:
        raise UnsafeSvg(f"the chart holds <{name}>")
    if name == "style":
        element.text = _confined_style(element.text or "", prefix)
    for attribute, value in list(element.attrib.items()):
        element.set(attribute, _confined_value(_local(attribute), value, prefix))


def _confined_value(attribute: str, value: str, prefix: str) -> str:
    if attribute.lower().startswith("on"):
        raise UnsafeSvg(f"the chart reacts to {attribute}")
    if attribute == "id":
        return f"{prefix}-{value}"
    if attribute == "href":
        return _confined_link(value, prefix)
    return _REFERENCE.sub(rf"url(#{prefix}-\1)", value)


def _confined_link(value: str, prefix: str) -> str:
    if value.startswith("#"):
        return f"#{prefix}-{value[1:]}"
    if value.startswith("data:image/png;base64,"):
        return value
    raise UnsafeSvg("the chart links to something outside itself")


def _confined_style(css: str, prefix: str) -> str:
    """Matplotlib's one rule is for ``*``: it must not reach the page around the chart."""
    if "@" in css or "url(" in css:
        raise UnsafeSvg("the chart's style fetches something")
    return re.sub(r"([^{}]+)\{", lambda rule: f"#{prefix} {rule[1].strip()}{{", css)


def _fit(root: ET.Element) -> None:
    """Let the page decide the width; the drawing keeps its proportions by its viewBox."""
    width, height = root.attrib.pop("width", ""), root.attrib.pop("height", "")
    if "viewBox" not in root.attrib:
        numbers = [re.sub(r"[^\d.]", "", size) or "100" for size in (width, height)]
        root.set("viewBox", f"0 0 {numbers[0]} {numbers[1]}")


def _name(root: ET.Element, prefix: str, title: str, description: str) -> None:
    root.set("id", prefix)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{prefix}-{tag}"})
        element.text = text
        root.insert(position, element)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
