"""Small chapter templates in the agreed form, and a project that uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evalkit.present import blocks

PARAMETERS = 'project_file = "../project.yaml"\nlanguage = "sv"\npurpose = "explore"'

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="360pt" height="180pt" viewBox="0 0 360 180"><metadata>2026-01-01</metadata>'
    "<defs><style>*{stroke-linejoin: round}</style><clipPath id='c'>"
    "<rect width='360' height='180'/></clipPath><path id='m' d='M0 0'/></defs>"
    "<g id='axes_1' clip-path='url(#c)'><path d='M30 150 L30 120 L120 120 L120 80 L330 80' "
    "fill='none' stroke='#0a5272' stroke-width='3'/><use xlink:href='#m'/>"
    "<text x='30' y='172' font-size='12'>0</text></g></svg>"
)


def flow_table() -> blocks.Table:
    cell = blocks.Cell
    return blocks.Table(
        id="flow",
        caption="Från rader i registret till personer i analysen",
        columns=("Steg", "Antal"),
        rows=(
            (cell("Rader lästa"), cell("271", 271, "count")),
            (cell("Personer analyserade"), cell("<5", None, "count")),
        ),
        notes=("Återinskrivna räknas en gång.",),
        source="Deltagarregistret",
    )


def section(*, is_internal: bool = False) -> blocks.Section:
    figure = blocks.Figure(
        id="curve",
        caption="Andel som gått till arbete",
        alt="Andelen stiger från 0 till 45 procent efter 360 dagar.",
        svg=SVG,
        data=flow_table(),
    )
    return blocks.Section(
        (
            blocks.Heading(2, "Antal"),
            blocks.Paragraph("Hälften <b>hade</b> lämnat efter 286 dagar & mer."),
            blocks.Bullets(("Kvinnor", "Män")),
            blocks.Heading(5, "För djup rubrik"),
            blocks.Box("can_say", "Det här går att säga", ("Andelen är 55–67 %.", "Två.")),
            blocks.Box("cannot_say", "Det här går inte att säga", ("Att insatsen gav arbete.",)),
            flow_table(),
            figure,
        ),
        is_internal=is_internal,
    )


def markdown(text: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": text}


def code(source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def showing(mime_type: str, content: object) -> str:
    """Source of a cell that displays some content."""
    data = json.dumps({mime_type: content})
    return (
        f"import json\nfrom IPython.display import display\ndisplay(json.loads({data!r}), raw=True)"
    )


def template(*cells: dict[str, Any], parameters: str | None = PARAMETERS) -> dict[str, Any]:
    first = [code(parameters, "parameters")] if parameters is not None else []
    numbered = [{**cell, "id": f"c{i}"} for i, cell in enumerate([*first, *cells])]
    return {
        "cells": numbered,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def whole_template() -> dict[str, Any]:
    headlines = [{"label": "Deltagare", "text": "267"}]
    return template(
        code("import os; study = (project_file, language, purpose)"),
        markdown("# Deltagarna", "lang:sv"),
        markdown("# The participants", "lang:en"),
        markdown("## Vilka?\n\nAlla *inskrivna*.", "lang:sv"),
        markdown("## Who?\n\nEveryone *enrolled*.", "lang:en"),
        code(showing(blocks.MIME_TYPE, blocks.to_json(section()))),
        code(showing("application/vnd.evalkit.headline+json", headlines)),
        markdown("", "interpretation"),
        code("print(project_file); study"),
    )


def write_template(folder: Path, chapter: str, notebook: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{chapter}.ipynb"
    file.write_text(json.dumps(notebook), encoding="utf-8")
    return file


def write_project(
    folder: Path, *, identity: str = "exempel", chapters: tuple[str, ...] = ("participants",)
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "project.yaml"
    file.write_text(
        f"""id: {identity}
title: {{sv: "Arena för exempel", en: "Arena for examples"}}
summary: {{sv: "En insats för långtidsarbetslösa.", en: "A programme for the unemployed."}}
actors: [Ystads kommun, Arbetsförmedlingen]
period: {{start: 2018-01-01, end: 2019-12-31}}
data_cut: 2019-12-31
funder: Finsam
programme: finsam
is_synthetic: true
sources: ["Slutrapport 2020, sida 4"]
chapters: [{", ".join(chapters)}]
""",
        encoding="utf-8",
    )
    return file
