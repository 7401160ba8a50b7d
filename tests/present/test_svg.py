from __future__ import annotations

import pytest

from evalkit.present.svg import UnsafeSvg, inline_svg
from tests.support.templates import SVG


def inlined(svg: str) -> str:
    return inline_svg(svg, id_prefix="chart-1", title="Rubrik <1>", description="Stiger till 45 %.")


def drawing(inside: str, attributes: str = "") -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 1 1" {attributes}>{inside}</svg>'
    )


def test_a_chart_is_an_image_with_a_title_and_a_description() -> None:
    svg = inlined(SVG)
    assert 'role="img"' in svg
    assert 'aria-labelledby="chart-1-title chart-1-desc"' in svg
    assert '<title id="chart-1-title">Rubrik &lt;1&gt;</title>' in svg
    assert '<desc id="chart-1-desc">Stiger till 45 %.</desc>' in svg


def test_ids_references_and_styles_belong_to_the_chart_alone() -> None:
    svg = inlined(SVG)
    assert 'id="chart-1-c"' in svg
    assert "url(#chart-1-c)" in svg
    assert 'xlink:href="#chart-1-m"' in svg
    assert "#chart-1 *{stroke-linejoin: round}" in svg


def test_metadata_is_gone_and_the_page_decides_the_width() -> None:
    svg = inlined(SVG)
    assert "2026" not in svg
    assert 'width="360pt"' not in svg
    assert 'viewBox="0 0 360 180"' in svg


@pytest.mark.parametrize(
    "svg",
    [
        drawing("<script>alert(1)</script>"),
        drawing("<foreignObject/>"),
        drawing('<image xlink:href="https://example.org/x.png"/>'),
        drawing('<image href="data:image/svg+xml;base64,AA"/>'),
        drawing("", 'onload="x()"'),
        drawing("<style>@import 'x';</style>"),
        drawing("<style>*{fill: url(https://example.org)}</style>"),
        drawing("<g"),
        "<html/>",
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("&a;"),
    ],
)
def test_anything_but_drawing_is_refused(svg: str) -> None:
    with pytest.raises(UnsafeSvg):
        inlined(svg)


def test_a_picture_embedded_in_the_chart_is_kept() -> None:
    assert "data:image/png;base64,AA" in inlined(
        drawing('<image xlink:href="data:image/png;base64,AA"/>')
    )
