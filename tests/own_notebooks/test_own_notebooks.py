"""Eighteen notebooks of different habits in one report: what was handed over in order is shown,
nothing else leaves, and none of them disturbs another chapter."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from evalkit.batch import run as batch
from evalkit.batch.kernels import engine
from evalkit.present.blocks import MIME_TYPE, Box, Cell, Figure, Section, Table, from_json
from tests.own_notebooks.planted import LONGEST, MARKERS, write_planted
from tests.support.offline import Here

HERE = Path(__file__).parent
BOOKS = sorted(file.stem for file in HERE.glob("*.ipynb"))
TO_CORRECT = {"sv": "Visas inte i rapporten", "en": "Not shown in the report"}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the rendered report of a project with every notebook, and one without."""
    folder = tmp_path_factory.mktemp("own")
    project = write_planted(folder / "planted", ["participants", *BOOKS])
    plain = write_planted(folder / "plain", ["participants"])
    plain.write_text(plain.read_text("utf-8").replace("id: planted", "id: plain"), "utf-8")
    for name in BOOKS:
        shutil.copy(HERE / f"{name}.ipynb", folder / "planted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "Lanes", lambda _workers: Here())
        patch.setattr(engine, "MOST_BYTES", 2 * 1024**2)
        outcomes = batch.render([project, plain], output=folder / "reports")
    assert [one.failures for one in outcomes] == [()] * 4
    return folder / "reports"


def sections(reports: Path, chapter: str, language: str = "sv") -> list[Section]:
    file = reports / "planted" / "chapters" / f"{chapter}.{language}.ipynb"
    outputs = (o for cell in json.loads(file.read_text("utf-8"))["cells"]
               for o in cell.get("outputs", ()))  # fmt: skip
    return [from_json(output["data"][MIME_TYPE]) for output in outputs]


def refusals(reports: Path, chapter: str, language: str = "sv") -> list[str]:
    return [
        item
        for section in sections(reports, chapter, language)
        for block in section.blocks
        if isinstance(block, Box) and block.title == TO_CORRECT[language]
        for item in block.items
    ]


def shown(reports: Path, chapter: str, language: str = "sv") -> list[Table | Figure]:
    blocks = (block for section in sections(reports, chapter, language) for block in section.blocks)
    return [block for block in blocks if isinstance(block, Table | Figure)]


def texts_of(row: tuple[Cell, ...]) -> list[str]:
    return [cell.text.replace("\u00a0", " ") for cell in row]


def texts_in(file: Path) -> Iterator[str]:
    if file.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(file) as parts:
            yield from (parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    elif file.suffix == ".pdf":
        yield "\n".join(page.extract_text() for page in PdfReader(file).pages)
    else:
        yield file.read_text("utf-8", "replace")


def test_no_marker_stands_in_any_file(reports: Path) -> None:
    files = [file for file in reports.rglob("*") if file.is_file()]
    assert {".html", ".pdf", ".docx", ".xlsx", ".ipynb", ".json"} <= {f.suffix for f in files}
    longest = re.compile(rf"(?<![\w.,-]){LONGEST}(?![\w.,])|1[\u00a0 ,]{str(LONGEST)[1:]}\b")
    for file in files:
        for text in texts_in(file):
            folded = text.casefold()
            assert not [one for one in MARKERS if one.casefold() in folded], file.name
            words = re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)
            assert not longest.search(words), file.name


def test_the_other_chapters_are_as_they_would_be_alone(reports: Path) -> None:
    def told(project: str) -> list[object]:
        file = reports / project / "chapters" / "participants.sv.ipynb"
        cells = json.loads(file.read_text("utf-8"))["cells"]
        return [o["data"].get(MIME_TYPE) for cell in cells for o in cell.get("outputs", ())]

    def flat(value: object) -> Iterator[object]:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                yield from flat(one)
        else:
            yield value

    # Of two rows of 79 persons, worth the same, another is withheld: all numbers are as alone.
    beside, alone = (sorted(map(repr, flat(told(name)))) for name in ("planted", "plain"))
    assert beside == alone


def test_what_is_handed_over_in_order_is_shown(reports: Path) -> None:
    share, difference, exits, places, speed, some, chart, table, again = shown(reports, "orderly")
    assert isinstance(share, Table)
    assert share.caption == "Kvinnor i arbete"
    # Counted in the register by hand: 158 women, of whom 68 left for work; Wilson's interval
    # 0.356–0.508 by statsmodels.
    assert texts_of(share.rows[0]) == ["Alla", "158", "68", "43,0 %", "35,6 %", "50,8 %"]
    assert isinstance(difference, Table)
    assert texts_of(difference.rows[0])[2] == "0,4 procentenheter"
    assert isinstance(exits, Table)
    assert [cell.text for cell in exits.rows[-1]] == ["Totalt", "103", "34", "51", "52", "240"]
    assert isinstance(places, Figure)
    assert [row[0].text for row in places.data.rows][-2:] == ["Övriga", "Totalt"]
    assert isinstance(speed, Figure)
    assert isinstance(some, Figure)
    assert isinstance(chart, Figure)
    assert (chart.caption, chart.alt) == ("En egen stapelbild", "Två staplar, en för varje kön.")
    assert [row[0].text for row in chart.data.rows] == ["Män", "Kvinnor"]
    assert table.caption == "En egen tabell"
    assert isinstance(again, Figure)
    assert refusals(reports, "orderly") == []


def test_the_same_notebook_speaks_both_languages(reports: Path) -> None:
    captions = [block.caption for block in shown(reports, "orderly", "en")]
    assert {"Women in work", "A chart of my own", "A table of my own"} <= set(captions)
    page = (reports / "planted" / "report.en.html").read_text("utf-8")
    assert "Whom we reached" in page
    assert "Vilka vi nådde" not in page
    assert "Own text on 43 per cent." in page


def test_own_answers_lie_with_the_others_as_released(reports: Path) -> None:
    answers = json.loads((reports / "planted" / "answers.json").read_text("utf-8"))["answers"]
    assert answers["own.orderly.women_in_work"]["result"]["value"] == 0.43
    assert answers["own.orderly.places"]["withheld"] == 2
    assert "Arjeplog" not in json.dumps(answers)
    assert not [name for name in answers if name.endswith(".exact")]


@pytest.mark.parametrize(
    ("chapter", "words"),
    [
        ("prints", ["print", "print", "print", "study.show(resultat"]),
        ("frame_last", ["pd.crosstab", *["study.show(resultat"] * 3, *["ingen räkning"] * 2]),
        ("pictures", ["bild av exakta uppgifter", "bild av exakta uppgifter",
                      "En bild kan inte granskas", "NameError", "NameError", "ProjectError"]),
        ("raises", ["ValueError i cell 5"]),
        ("endless", ["visade eller skrev ut mer än 2 MB"]),
        ("html", ["pd.crosstab", *["study.show(resultat"] * 4]),
        ("collides", ["Namnet är upptaget", "Namnet är upptaget"]),
        ("missing_library", ["ModuleNotFoundError i cell 4"]),
        ("lifelines_direct", ["bild av exakta", "pd.crosstab", "inte kvar vad den är"]),
        ("debugging", ["print", "pd.crosstab", "pd.crosstab", "study.show(resultat"]),
        ("displays", ["pd.crosstab", *["study.show(resultat"] * 5]),
        ("forged", ["Kapitlet gick inte att köra"]),
        ("magics", ["print", "study.show(resultat", "Resultat av det slaget"]),
        ("speaks_of_persons", ["Kapitlet gick inte att köra"]),
        ("writes_files", ["study.show(resultat"] * 2),
        ("statsmodels_direct", ["print", "study.show(resultat"]),
        ("wrong_claims", ["så många personer", "reached=", "Personerna", "Personerna",
                          "Antalen bakom", "ensamt tal", "Rubrik"]),
    ],
)  # fmt: skip
def test_what_may_not_be_shown_is_refused_in_words(
    reports: Path, chapter: str, words: list[str]
) -> None:
    told = refusals(reports, chapter)
    for word in set(words):
        assert sum(word in sentence for sentence in told) >= words.count(word), (word, told)
    assert len(refusals(reports, chapter, "en")) == len(told)


def test_a_claim_of_few_persons_comes_back_withheld(reports: Path) -> None:
    page = (reports / "planted" / "report.sv.html").read_text("utf-8")
    assert "gäller för få personer" in page


def test_models_of_libraries_are_judged_by_whom_they_rest_on(reports: Path) -> None:
    odds, days = shown(reports, "statsmodels_direct")
    assert (odds.caption, days.caption) == ("Odds för arbete", "Dagar")
    curve, speed, ways = shown(reports, "lifelines_direct")
    assert curve.caption == "Tid till avslut"
    assert isinstance(speed, Table)
    assert (speed.caption, texts_of(speed.rows[0])[0]) == ("Fart till avslut", "woman")
    assert ways.caption == "Till arbete"


def test_a_draft_with_a_chapter_that_failed_is_not_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "Lanes", lambda _workers: Here())
    project = write_planted(tmp_path / "p", ["participants", "missing_library"], languages="sv")
    shutil.copy(HERE / "missing_library.ipynb", tmp_path / "p")
    (signed,) = batch.render(
        [project], output=tmp_path / "reports", formats=("html",), signed_by="A, b"
    )
    assert signed.failures == ("missing_library: gick inte att köra; se utkastet",)
    assert not (tmp_path / "reports" / "planted" / "report.sv.html").exists()
