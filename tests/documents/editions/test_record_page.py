"""The release record as whoever answers for the edition reads it: in the report's words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from evalkit.disclosure.answers import Judgement
from evalkit.disclosure.record import Edition, WithheldRow
from evalkit.disclosure.scan import RegisterTexts
from evalkit.documents.editions.page import record_file, record_page
from evalkit.present.blocks import Table
from evalkit.project import load_project
from evalkit.results import CountTable, GroupedEvents, Released

TABLE = CountTable(
    dimensions=("age_group", "sex"),
    counts=pd.DataFrame(
        {"age_group": ["age__25", "age__25"], "sex": ["woman", "total"], "n": [3, 9]}
    ),
)

CURVES = GroupedEvents(
    groups=("woman", "man"), hidden=(), causes=("employment",), blocks=(),
    points={("woman", "employment"): (365,)}, persons={"": 40}, horizons=(365,),
)  # fmt: skip


@pytest.fixture
def page(sample_folder: Path) -> str:
    project = load_project(sample_folder / "haninge-arbetsmarknadscenter/project.yaml")
    rows = (("who_took_part", ("0", "0")), ("who_took_part", ("0", "1")),
            ("share.exits.employment+studies", ("whole",)), ("model", ("counts",)),
            ("follow_up.gone.response.sex", ("man",)),
            ("events.sex", ("365", "man")), ("events.everyone", ("",)))  # fmt: skip
    edition = Edition(
        name="N", date="2026-11-30", by="Kim Exempel, chef", rule="standard", register="0" * 64,
        persons=(), rows=(), withheld=tuple(WithheldRow(*row, "small_count", 1, 7) for row in rows),
        files=("bok.xlsx", "bok.xlsx"),
    )  # fmt: skip
    store = {"who_took_part": (TABLE,), "events.sex": CURVES, "events.everyone": CURVES}
    released = {name: Released(one, 2, "standard") for name, one in store.items()}
    judged = Judgement(released, (), (), {}, {}, {})
    document = record_page(project, edition, judged, RegisterTexts())
    (table,) = [block for chapter in document.chapters for part in chapter.parts
                for block in part.blocks if isinstance(block, Table)]  # fmt: skip
    assert [tuple(cell.text for cell in row[:2]) for row in table.rows] == [
        ("Vilka deltog", "Åldersgrupp: Under 25 år, Kvinnor"),
        ("Vilka deltog", "Åldersgrupp: Under 25 år, Alla"),
        ("Till arbete eller studier, av dem som har avslutat", "Hela svaret"),
        ("Modell", "Hela svaret"),
        ("Bortfall vid uppföljningen, kön", "Män"),
        ("Kurva över tid, kön", "Män, inom 365 dagar"),
        ("Kurva över tid", "Alla"),
    ]
    return record_file(document, "html").decode()


def test_what_is_withheld_is_named_as_in_the_report(page: str) -> None:
    assert "Kim Exempel, chef" in page and "30 november 2026" in page


def test_a_workbook_of_several_sheets_is_named_once(page: str) -> None:
    assert page.count("bok.xlsx") == 1


def test_no_heading_stands_over_nothing(page: str) -> None:
    assert "Filer som rapporten bygger på" not in page and "Om rapporten" not in page
    assert "Sammanfattning" not in page
