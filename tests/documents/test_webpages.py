from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from evalkit.documents.files.provenance import digests, input_names
from evalkit.documents.kept import released_chapter
from evalkit.documents.model import Document, build_document
from evalkit.documents.portfolio.entries import Entry
from evalkit.documents.webpages import index_page, report_page
from evalkit.present.blocks import Headline
from evalkit.project import load_project
from tests.documents.page_audit import Page, faults
from tests.support.templates import code, section, template, whole_template, write_project


def executed_chapter() -> dict[str, object]:
    """A chapter as the kernel would leave it: the section's MIME data as an output."""
    from evalkit.present import blocks

    notebook = template(*whole_template()["cells"][1:])
    data = {blocks.MIME_TYPE: blocks.to_json(section()), "text/html": "<script>x</script>"}
    shown = code("sections.participants.composition(study)")
    shown["outputs"] = [
        {"output_type": "stream", "name": "stderr", "text": "warning"},
        {"output_type": "execute_result", "data": data, "metadata": {}},
    ]
    notebook["cells"].append(shown)
    return notebook


@pytest.fixture
def document(tmp_path: Path) -> Document:
    file = write_project(tmp_path, chapters=("participants", "time_to_employment"))
    project = load_project(file)
    chapter = released_chapter(executed_chapter(), "sv")
    return build_document(
        project,
        {"participants": chapter, "time_to_employment": chapter},
        language="sv",
        inputs=digests(project.folder, input_names(project, project_file=file)),
        other_languages=("en",),
    )


def test_a_report_has_no_fault_a_machine_can_find(document: Document) -> None:
    assert faults(report_page(document), "sv") == []


def test_the_audit_sees_a_fault_when_there_is_one(document: Document) -> None:
    html = report_page(document)
    assert faults(html.replace('lang="sv"', "", 1), "sv") == ["language"]
    assert "th without scope" in faults(html.replace('<th scope="row">', "<th>", 1), "sv")
    assert "heading order" in faults(
        html.replace("<h2 id=", "<h4 id=", 1).replace("</h2>", "</h4>", 1), "sv"
    )
    assert "<script>" in faults(html.replace("</main>", "<script></script></main>"), "sv")


def test_words_from_outside_cannot_become_markup(document: Document) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    html = report_page(replace(document, title=nasty, summary=nasty))
    assert nasty not in html
    assert faults(html, "sv") == []
    assert "Hälften &lt;b&gt;hade&lt;/b&gt;" in html


def test_a_report_links_its_other_language_in_that_language(document: Document) -> None:
    html = report_page(document)
    assert '<a href="report.en.html" lang="en" hreflang="en">Read the report in English</a>' in html
    assert "report.en.html" not in report_page(replace(document, other_languages=()))


def test_a_report_of_made_up_data_says_so_first(document: Document) -> None:
    html = report_page(document)
    assert html.index("Syntetiska uppgifter") < html.index("Innehåll")
    assert "Syntetiska uppgifter" not in report_page(replace(document, synthetic_note=""))


def test_the_contents_lead_to_every_chapter_and_part(document: Document) -> None:
    html = report_page(document)
    for chapter in document.chapters:
        assert f'href="#{chapter.id}"' in html
        for part in chapter.parts:
            assert f'href="#{part.id}"' in html


def test_tables_and_figures_are_numbered_through_the_report(document: Document) -> None:
    html = report_page(document)
    assert re.findall(r"<strong>(Tabell \d|Figur \d)\. </strong>", html) == [
        "Tabell 1", "Figur 1", "Tabell 2", "Figur 2",
    ]  # fmt: skip


def test_the_numbers_of_a_figure_fold_out_below_it(document: Document) -> None:
    page = Page(report_page(document))
    assert len(page.of("details")) - 1 == len(page.of("figure")) == 2  # one folds the contents


def test_a_page_forbids_itself_to_fetch_anything(document: Document) -> None:
    html = report_page(document)
    assert "default-src 'none'" in html
    assert not re.search(r"https?://(?!www\.w3\.org)", html)
    assert "url(http" not in html


def test_the_portfolio_has_no_fault_a_machine_can_find() -> None:
    entry = Entry(
        id="exempel",
        title="Arena <för> exempel",
        summary="En insats.",
        period=("2018-01-01", "2019-12-31"),
        data_cut="2019-12-31",
        is_synthetic=True,
        headlines=(Headline("Deltagare", "267"),),
        link="exempel/report.sv.html",
    )
    failed = replace(entry, id="annat", link="", headlines=())
    html = index_page((entry, failed), language="sv")
    assert faults(html, "sv") == []
    assert faults(index_page((), language="en"), "en") == []
    assert "Arena &lt;för&gt; exempel" in html
    assert "1 januari 2018 – 31 december 2019" in html


def luminance(colour: str) -> float:
    # WCAG 2.1, definition of relative luminance.
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    def colours(css: str) -> dict[str, str]:
        return dict(re.findall(r"--ek-([a-z-]+): (#[0-9a-f]{6})", css))

    blocks_css = (resources.files("evalkit.present") / "templates/blocks.css").read_text()
    page_css = (resources.files("evalkit.documents") / "templates/page.css").read_text()
    dark = page_css.split("prefers-color-scheme: dark")[1].split("body.evalkit { margin")[0]
    return {"light": colours(blocks_css), "dark": colours(dark)}


def test_contrast_is_computed_as_wcag_says() -> None:
    # WCAG 2.1: black on white is 21:1; #767676 on white is the lightest grey at 4.54:1.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_text_colour_stands_out_from_every_ground_it_is_used_on(mode: str) -> None:
    palette = palettes()[mode]
    assert len(palette) == 13
    grounds = {
        "text": ("page", "soft", "good-soft", "limit-soft", "alert-soft"),
        "muted": ("page", "soft"),
        "accent": ("page", "soft"),
        "good": ("good-soft",),
        "limit": ("limit-soft",),
        "alert": ("alert-soft", "page"),
    }
    for text, behind in grounds.items():
        for ground in behind:
            assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
