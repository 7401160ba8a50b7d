"""Every figure lies as files of its own, with its alternative text wherever it may be read."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import PIL.Image

from evalkit.documents.writers.figures import figure_files
from tests.documents.writers.documents import document, figure


def test_a_figure_is_an_svg_a_png_and_a_text() -> None:
    files = dict(figure_files(document()))
    name = "figures/figure-01-curve.sv"
    assert list(files) == [f"{name}.svg", f"{name}.png", f"{name}.txt"]
    assert ET.fromstring(files[f"{name}.svg"]).tag.endswith("svg")
    assert files[f"{name}.txt"] == "Andel över tid\n\nAndelen stiger till 45,2 %.\n"
    picture = PIL.Image.open(io.BytesIO(files[f"{name}.png"]))  # type: ignore[arg-type]
    picture.load()
    assert picture.info["Description"] == "Andelen stiger till 45,2 %."
    assert picture.info["Title"] == "Andel över tid"


def test_figures_of_an_appendix_and_of_another_language_have_names_of_their_own() -> None:
    names = [
        next(name for name, _ in figure_files(one))
        for one in (document(), document(language="en"), document(is_appendix=True))
    ]
    assert names == [
        "figures/figure-01-curve.sv.svg",
        "figures/figure-01-curve.en.svg",
        "figures/appendix-figure-01-curve.sv.svg",
    ]


def test_the_same_document_gives_the_same_files() -> None:
    assert list(figure_files(document([figure()]))) == list(figure_files(document([figure()])))
    assert list(figure_files(document([]))) == []
