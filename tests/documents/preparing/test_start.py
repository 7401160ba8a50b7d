"""`evalkit init` on spreadsheets: a project file that says everything and can be read at once."""

from __future__ import annotations

import builtins
import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

import evalkit as ek
from evalkit.cli import app
from evalkit.documents.preparing.checking import checked
from evalkit.documents.preparing.dialogue import MOST_QUESTIONS, Dialogue
from evalkit.documents.preparing.start import start_project
from evalkit.documents.reading.into_project import offer_claims
from evalkit.intake import IntakeError
from evalkit.present.labels import words_of
from evalkit.project import load_project

TODAY = dt.date(2025, 3, 1)
CUT = dt.date(2024, 12, 31)
HEADINGS = ("Löpnr", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak")
REASONS = {
    "Jobb som vikarie": "employment",
    "Börjat på Komvux": "studies",
    "Återgått till AF": "referred_back",
    "Sjukskriven på heltid": "health_or_leave",
    "Flyttat till annan kommun": "moved_or_deceased",
    "Avbrutit i förtid": "dropout",
}

Row = tuple[object, ...]


def people(n: int = 60, *, seed: int = 1, first: dt.date = dt.date(2024, 1, 8)) -> list[Row]:
    """Persons with start, end and reason; whoever ends after the cut is still there."""
    draw, rows = random.Random(seed), []
    for i in range(n):
        start = first + dt.timedelta(days=draw.randrange(300) if i else 0)
        end = start + dt.timedelta(days=draw.randrange(30, 300))
        has_left = end <= CUT
        reason = draw.choice(list(REASONS)) if has_left else None
        rows.append((f"A{i:03d}", "KM"[i % 2], start, end if has_left else None, reason))
    return rows


def workbook(file: Path, *sheets: Sequence[Row], names: Sequence[str] = ("Blad1",)) -> Path:
    book = Workbook()
    for number, (name, rows) in enumerate(zip(names, sheets, strict=True)):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(list(row))
    file.parent.mkdir(parents=True, exist_ok=True)
    book.save(file)
    return file


def begun(*files: Path) -> Path:
    return ek.init(*files, yes=True, today=TODAY)


def outcomes(project_file: Path) -> dict[str, int]:
    persons = ek.open_study(project_file).persons
    return {str(name): int(n) for name, n in persons["exit_class"].value_counts().items()}


def truth(rows: Sequence[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        name = REASONS[str(row[4])] if row[4] else "ongoing"
        found[name] = found.get(name, 0) + 1
    return found


VARIANTS = {
    "plain": (HEADINGS, []),
    "system words": (("SUS-nr", "Kön", "Fr.o.m.", "T.o.m.", "Anledning"), []),
    "long words": (
        ("Klientnummer", "Juridiskt kön", "Datum för inskrivning", "Datum för avslut", "Orsak"),
        [("Vägen in",), ("Uttag 2024-12-31",), ()],
    ),
    "in insats": (
        ("Dossiernr", "Kön", "Startdatum i insats", "Slutdatum i insats", "Avslutsanledning"),
        [("Person", None, "Insats")],
    ),
    "english": (("Participant id", "Sex", "Start date", "End date", "Exit reason"), []),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_register_is_read_as_it_is_after_init_without_a_question(
    tmp_path: Path, variant: str
) -> None:
    headings, above = VARIANTS[variant]
    rows = people()
    file = workbook(tmp_path / "vagen-in/deltagare.xlsx", [*above, headings, *rows])
    project_file = begun(file)
    project = load_project(project_file)
    assert (project.id, project.data_cut, project.languages) == ("vagen-in", CUT, ("sv",))
    assert outcomes(project_file) == truth(rows)
    text = project_file.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=project.schema.json\n")
    assert json.loads((tmp_path / "vagen-in/project.schema.json").read_bytes())["properties"]["id"]
    assert all(heading in text for heading in headings)
    assert all(reason in text for reason in REASONS)


def test_csv_with_a_follow_up_list_beside_it(tmp_path: Path) -> None:
    rows = people()
    lines = [";".join(HEADINGS), *(";".join(str(cell or "") for cell in row) for row in rows)]
    (tmp_path / "deltagare.csv").write_text("\n".join(lines), encoding="cp1252")
    statuses = [f"{row[0]};2024-12-30;Arbete" for row in rows[:20]]
    (tmp_path / "lagen.csv").write_text("\n".join(["Löpnr;Datum;Status", *statuses]), "utf-8")
    project_file = begun(tmp_path / "deltagare.csv", tmp_path / "lagen.csv")
    (register,) = load_project(project_file).registers
    assert register.follow_up is not None
    assert register.follow_up.file == Path("lagen.csv")
    assert outcomes(project_file) == truth(rows)


def test_each_sheet_of_persons_becomes_a_register(tmp_path: Path) -> None:
    years = [[HEADINGS, *people(seed=1)], [HEADINGS, *people(seed=2)], [("Kontakta oss",)]]
    file = workbook(tmp_path / "deltagare.xlsx", *years, names=("2023", "2024", "Om"))
    registers = load_project(begun(file)).registers
    assert [register.sheet for register in registers] == ["2023", "2024"]


def test_a_file_without_a_start_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = workbook(tmp_path / "lista.xlsx", [("Namn", "Telefon"), ("Kim", "1")])
    with pytest.raises(IntakeError, match=r"lista\.xlsx: ingen kolumn ser ut att vara ett start"):
        begun(file)
    assert not (tmp_path / "project.yaml").exists()


class Reader:
    """Answers the questions in turn; an empty answer takes the guess."""

    def __init__(self, *answers: str) -> None:
        self._answers: Iterator[str] = iter(answers)
        self.n_read = 0

    def __call__(self, _prompt: str = "") -> str:
        self.n_read += 1
        return next(self._answers, "")


def asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *answers: str, language: str = "sv"
) -> tuple[Path, Dialogue]:
    years = [[HEADINGS, *people(seed=1)], [HEADINGS, *people(seed=2)]]
    file = workbook(tmp_path / "deltagare.xlsx", *years, names=("2023", "2024"))
    monkeypatch.setattr(builtins, "input", Reader(*answers))
    dialogue = Dialogue(language)  # type: ignore[arg-type]
    started = start_project([file], tmp_path, dialogue, today=TODAY)
    return started.project_file, dialogue


def test_at_most_eight_questions_with_the_one_about_a_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, dialogue = asked(tmp_path, monkeypatch)
    dialogue.agrees("draft")
    assert dialogue.n_asked == MOST_QUESTIONS
    assert "Vad heter insatsen?" in capsys.readouterr().out


def test_answers_are_taken_and_impossible_ones_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_file, dialogue = asked(
        tmp_path, monkeypatch,
        "Vägen in: unga", "Ett samarbete.", "3", "9", "finsam", "2", "i går", "2024-12-15", "nej",
    )  # fmt: skip
    text = project_file.read_text(encoding="utf-8")
    project = load_project(project_file)
    assert (project.title.sv, project.id) == ("Vägen in: unga", "vagen-in-unga")
    assert project.languages == ("sv", "en")
    assert project.programme == "finsam"
    assert [register.sheet for register in project.registers] == ["2024"]
    assert project.data_cut == dt.date(2024, 12, 15)
    # Not agreed to: the proposals wait in comments.
    assert "Jobb som vikarie" not in project.registers[0].exit_reasons
    assert "# Jobb som vikarie: unknown" in text
    assert dialogue.n_asked <= MOST_QUESTIONS


def test_the_dialogue_and_the_comments_speak_english_to_a_reader_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project_file, _ = asked(tmp_path, monkeypatch, language="en")
    assert "What is the programme called?" in capsys.readouterr().out
    text = project_file.read_text(encoding="utf-8")
    assert "# heading in the file: what the column is" in text
    assert load_project(project_file).languages == ("en",)


def test_the_same_extract_again_changes_nothing(tmp_path: Path) -> None:
    file = workbook(tmp_path / "deltagare.xlsx", [HEADINGS, *people()])
    project_file = begun(file)
    before = project_file.read_bytes()
    begun(file)
    assert project_file.read_bytes() == before


def new_extract(file: Path) -> None:
    """A year later: a column more, a reason more, and persons more."""
    late = dt.date(2025, 2, 10)
    more = [(f"B{i:03d}", "K", dt.date(2024, 12, 1), late, "Nystart: arbete") for i in range(5)]
    rows = [(*row, "Ystad") for row in [*people(), *more]]
    workbook(file, [(*HEADINGS, "Hemkommun"), *rows])


def test_a_new_extract_changes_only_what_is_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workbook(tmp_path / "deltagare.xlsx", [HEADINGS, *people()])
    project_file = begun(file)
    written = project_file.read_text(encoding="utf-8")
    own = written.replace("Avbrutit i förtid: dropout ", "Avbrutit i förtid: unknown ")
    own += "# En egen anmärkning.\ntargets: [{id: a, title: Mål, goal: 0.4}]\n"
    project_file.write_text(own, encoding="utf-8")
    new_extract(file)
    capsys.readouterr()
    begun(file)
    shown = capsys.readouterr().out
    assert "datauttaget är nu 2025-02-28" in shown
    assert "insatsens period slutar nu 2025-02-28" in shown
    text = project_file.read_text(encoding="utf-8")
    gone = [line for line in own.splitlines() if line not in text.splitlines()]
    assert [line.split(":")[0] for line in gone] == ["period", "data_cut"]
    project = load_project(project_file)
    assert project.data_cut == project.period.end == dt.date(2025, 2, 28)
    assert project.registers[0].columns["Hemkommun"] == "municipality"
    assert project.registers[0].exit_reasons["Nystart: arbete"] == "employment"
    assert project.registers[0].exit_reasons["Avbrutit i förtid"] == "unknown"


def test_a_row_of_totals_is_no_row_of_anybody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*people(), ("Summa", 60, None, None, None)]
    begun(workbook(tmp_path / "deltagare.xlsx", [HEADINGS, *rows]))
    assert "deltagare.xlsx: 60 rader" in capsys.readouterr().out


def test_columns_named_by_hand_are_read_in_a_new_extract_too(tmp_path: Path) -> None:
    odd = ("Löpnr", "Kön", "Dag A", "Dag B", "Vart")
    file = workbook(tmp_path / "deltagare.xlsx", [odd, *people()])
    named = "{Löpnr: person_id, Dag A: entry, Dag B: exit, Vart: exit_reason}"
    project_file = tmp_path / "project.yaml"
    registers = f"registers:\n  - file: deltagare.xlsx\n    columns: {named}"
    project_file.write_text(HAND_WRITTEN.format(registers=registers), encoding="utf-8")
    begun(file)
    assert set(REASONS) <= set(load_project(project_file).registers[0].exit_reasons)
    assert outcomes(project_file) == truth(people())
    # Under another name, too, and the rows that the comments count are those of the new file.
    more = [*people(), *(("X", "K", *row[2:4], "Jobb som vikarie") for row in people()[:9])]
    later = workbook(tmp_path / "senare.xlsx", [odd, *more])
    file.unlink()
    begun(later)
    text = project_file.read_text(encoding="utf-8")
    n = truth(people())["employment"] + 9
    assert f"Jobb som vikarie: employment # rader: {n}; förslag" in " ".join(text.split())
    assert "- file: senare.xlsx" in text


@pytest.mark.parametrize(
    ("other", "answer", "named"),
    [("Utskriven till", "1", "Utskriven till"), ("Avslutsorsak", "1", "Avslutsorsak [F]"),
     ("Resultat", "1", "Avslutsorsak"), ("Orsak", "9", None)],
)  # fmt: skip
def test_which_column_holds_the_reasons_is_asked_where_several_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str, answer: str, named: str | None
) -> None:
    sheets = [
        [(*HEADINGS, other), *((*row[:4], "Planenligt" if row[4] else None, row[4]) for row in one)]
        for one in (people(seed=1), people(seed=2))
    ]
    file = workbook(tmp_path / "deltagare.xlsx", *sheets, names=("2023", "2024"))
    monkeypatch.setattr(builtins, "input", Reader(answer, *["1"] * (named is None)))
    dialogue = Dialogue("sv")
    project_file = start_project([file], tmp_path, dialogue, today=TODAY).project_file
    for register in load_project(project_file).registers:
        headings = [one for one, name in register.columns.items() if name == "exit_reason"]
        assert headings == [named or other]
    dialogue.agrees("draft")
    assert dialogue.n_asked <= MOST_QUESTIONS


def test_of_two_columns_of_reasons_the_one_the_codebook_knows_most_of_is_read(
    tmp_path: Path,
) -> None:
    known, other = ("Arbete", "Studier", "Avbrott"), ("Nöjd", "Missnöjd")
    rows = [
        (*row[:4], *((other[i % 2], known[i % 3]) if row[4] else (None, None)))
        for i, row in enumerate(people())
    ]
    headings = (*HEADINGS[:4], "Avslutsorsak", "Avslutningsorsak")
    project_file = begun(workbook(tmp_path / "r.xlsx", [headings, *rows]))
    (register,) = load_project(project_file).registers
    assert register.columns["Avslutningsorsak"] == "exit_reason"
    assert "Avslutsorsak" not in register.columns
    assert "# Avslutsorsak: avslutsorsak" in project_file.read_text(encoding="utf-8")
    left = [row for row in rows if row[4]]
    assert sum(outcomes(project_file).values()) == len(rows)
    assert outcomes(project_file)["studies"] == sum(row[5] == "Studier" for row in left)


def test_which_of_two_days_of_leaving_counts_is_left_to_the_evaluator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(*row[:4], row[3] and row[3] - dt.timedelta(days=3), row[4]) for row in people()]
    headings = (*HEADINGS[:4], "Avslutsdatum", HEADINGS[4])
    project_file = begun(workbook(tmp_path / "r.xlsx", [headings, *rows]))
    assert "exit" not in load_project(project_file).registers[0].columns.values()
    (remark,) = (one.text for one in checked(project_file).remarks if one.severity == "error")
    assert "Slutdatum och Avslutsdatum" in remark
    app(["init", str(tmp_path / "r.xlsx"), "--yes"], standalone_mode=False)
    assert "rätta det som är fel ovan" in capsys.readouterr().out
    text = project_file.read_text(encoding="utf-8")
    for named in ("Slutdatum", "Avslutsdatum"):  # whichever is named is read
        chosen = text.replace(f"# {named}: exit", f"{named}: exit")
        project_file.write_text(chosen, encoding="utf-8")
        assert outcomes(project_file) == truth(people())


def followed(sheets: Sequence[Sequence[Row]], *, later: int = 0) -> list[Row]:
    """Somebody at work a month after leaving, listed for all sheets together."""
    return [
        (row[0], row[3] + dt.timedelta(days=30 + later), "Arbete")
        for rows in sheets
        for row in rows
        if isinstance(row[3], dt.date) and row[3] + dt.timedelta(days=30 + later) <= CUT
    ]


def test_a_follow_up_shared_by_sheets_is_read_once_for_each_of_their_persons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ystad = people(seed=1)
    sjobo = [(f"B{i:03d}", *row[1:]) for i, row in enumerate(people(seed=2))]
    events = followed([ystad, sjobo])
    sheets = [[HEADINGS, *ystad], [HEADINGS, *sjobo], [("Löpnr", "Datum", "Status"), *events]]
    file = workbook(tmp_path / "r.xlsx", *sheets, names=("Ystad", "Sjöbo", "Efteråt"))
    project_file = begun(file)
    project = load_project(project_file)
    assert [one.follow_up.sheet for one in project.registers if one.follow_up] == ["Efteråt"] * 2
    assert "after_leaving" in project.chapters
    assert len(ek.open_study(project_file).dated_statuses) == len(events)
    before = project_file.read_bytes()
    workbook(file, [HEADINGS, *ystad], [(*HEADINGS, "Ort"), *((*row, "X") for row in sjobo)],
             sheets[2], names=("Ystad", "Sjöbo", "Efteråt"))  # fmt: skip
    begun(file)
    assert b"Ort" in project_file.read_bytes().replace(before, b"")


def test_a_code_of_two_persons_in_a_shared_follow_up_is_refused(tmp_path: Path) -> None:
    sheets = [people(seed=1), people(seed=2)]
    events = followed(sheets)
    file = workbook(tmp_path / "r.xlsx", *([HEADINGS, *one] for one in sheets),
                    [("Löpnr", "Datum", "Status"), *events],
                    names=("Ystad", "Sjöbo", "Efteråt"))  # fmt: skip
    (remark,) = (one.text for one in checked(begun(file)).remarks if one.severity == "error")
    assert "codes: shared" in remark and "Löpnr" in remark


def test_a_list_of_another_register_is_not_the_firsts(tmp_path: Path) -> None:
    one, other = people(seed=1), [(f"B{i:03d}", *row[1:]) for i, row in enumerate(people(seed=2))]
    sheets = [[HEADINGS, *one], [HEADINGS, *other],
              [("Löpnr", "Datum", "Status"), *followed([other])]]  # fmt: skip
    file = workbook(tmp_path / "r.xlsx", *sheets, names=("Ystad", "Sjöbo", "Efteråt"))
    first, second = load_project(begun(file)).registers
    assert first.follow_up is None and second.follow_up is not None


def test_sheets_that_are_compared_are_called_by_their_names(tmp_path: Path) -> None:
    other = [(f"B{i:03d}", *row[1:]) for i, row in enumerate(people(seed=2))]
    file = workbook(tmp_path / "r.xlsx", [HEADINGS, *people()], [HEADINGS, *other],
                    names=("Ystad", "Sjöbo"))  # fmt: skip
    project = load_project(begun(file))
    labels = words_of(project, "sv").labels
    levels = ek.open_study(project.folder).levels("register")
    assert [labels.level("register", one) for one in levels] == ["Sjöbo", "Ystad"]
    assert [labels.inline("register", one) for one in levels] == ["Sjöbo", "Ystad"]


def test_what_holds_for_all_sheets_is_proposed_once(tmp_path: Path) -> None:
    both = [
        [(f"{name}{i:03d}", *row[1:4], row[4] and "Anvisningen upphörde")
         for i, row in enumerate(people(seed=seed))]
        for seed, name in ((1, "A"), (2, "B"))
    ]  # fmt: skip
    file = workbook(tmp_path / "r.xlsx", *([HEADINGS, *one] for one in both),
                    names=("Ystad", "Sjöbo"))  # fmt: skip
    check = checked(begun(file))
    assert [one.key for one in check.paste] == ["exit_reasons"]
    assert "codes_per_register" not in {one.check for one in check.findings}  # none recurs


def test_rows_of_a_long_register_are_counted_without_its_totals(tmp_path: Path) -> None:
    rows = [(f"K{i:05d}", *row[1:]) for i, row in enumerate(people(2300))]
    file = workbook(tmp_path / "r.xlsx", [HEADINGS, *rows, ("Summa", 2300)])
    assert [one.rows for one in checked(begun(file)).read] == [2300]


def test_claims_in_a_project_of_one_language_stand_in_it_alone(tmp_path: Path) -> None:
    (tmp_path / "press.txt").write_text("Av 60 deltagare gick 45 procent till arbete.", "utf-8")
    project_file = begun(workbook(tmp_path / "deltagare.xlsx", [HEADINGS, *people()]))
    offer_claims(project_file, Dialogue("sv", is_silent=True))
    text = project_file.read_text(encoding="utf-8")
    assert "quote: Av 60 deltagare" in text
    assert "översätt" not in text.partition("claims:\n")[0].rpartition("#")[2]
    assert load_project(project_file).claims


HAND_WRITTEN = """id: vagen-in
title: Vägen in
summary: Vägen in.
languages: [sv]
period: {{start: 2024-01-01, end: 2024-12-31}}
data_cut: 2024-12-31
{registers}
chapters: [participants]
"""


@pytest.mark.parametrize(
    "registers",
    [
        "registers: [{file: deltagare.xlsx}]",
        "registers: [{file: deltagare.xlsx, exit_reasons: {Jobb som vikarie: employment}}]",
        "registers:\n- file: deltagare.xlsx",
        "registers:\n    - file: deltagare.xlsx  # listan\n      exit_reasons: {}",
        "registers:\n  - exit_reasons: {Flytt: moved_or_deceased}\n    file: deltagare.xlsx",
    ],
)
def test_a_file_written_by_hand_is_added_to_in_its_own_style(
    tmp_path: Path, registers: str
) -> None:
    file = workbook(tmp_path / "deltagare.xlsx", [HEADINGS, *people()])
    project_file = tmp_path / "project.yaml"
    project_file.write_text(HAND_WRITTEN.format(registers=registers), encoding="utf-8")
    new_extract(file)
    begun(file)
    project = load_project(project_file)
    assert project.registers[0].columns["Hemkommun"] == "municipality"
    assert project.registers[0].exit_reasons["Nystart: arbete"] == "employment"
    assert outcomes(project_file)["employment"] == truth(people())["employment"] + 5


def test_a_later_extract_of_the_same_list_takes_its_place_and_another_year_stands_beside(
    tmp_path: Path,
) -> None:
    begun(workbook(tmp_path / "uttag_dec.xlsx", [HEADINGS, *people()]))
    project_file = begun(workbook(tmp_path / "uttag_feb.xlsx", [HEADINGS, *people(70)]))
    files = [register.file.name for register in load_project(project_file).registers]
    assert files == ["uttag_feb.xlsx"]
    earlier = people(first=dt.date(2022, 1, 10), seed=4)
    begun(workbook(tmp_path / "2022.xlsx", [HEADINGS, *earlier]))
    files = [register.file.name for register in load_project(project_file).registers]
    assert files == ["uttag_feb.xlsx", "2022.xlsx"]


def test_headings_that_yaml_would_read_as_something_else_come_back_as_themselves(
    tmp_path: Path,
) -> None:
    odd = ("Löpnr", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak", "Status: 90", "2023", "no")
    rows = [(*row, "x", "y", "z") for row in people()]
    project_file = begun(workbook(tmp_path / "deltagare.xlsx", [odd, *rows]))
    text = project_file.read_text(encoding="utf-8")
    for heading in ('"Status: 90"', '"2023"', '"no"'):
        assert f"# {heading}: " in text
    # With the # taken away, each is a column that the model takes.
    lines = [line.replace("# ", "", 1) if line.lstrip().startswith('# "') else line
             for line in text.splitlines()]  # fmt: skip
    project_file.write_text("\n".join(lines), encoding="utf-8")
    assert {"Status: 90", "2023", "no"} <= set(load_project(project_file).registers[0].columns)


WORDS_WITHOUT_A_DAY = (
    "#NULL!", "(Blank)", "NaT", "0", "tills vidare", "1900-01-00", "9999-12-31", "se akt",
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS_WITHOUT_A_DAY)
def test_what_stands_for_still_enrolled_is_proposed_and_written(tmp_path: Path, word: str) -> None:
    rows = people()
    cells = [(*row[:3], row[3] or word, row[4] or "") for row in rows]
    lines = [";".join(map(str, row)) for row in (HEADINGS, *cells)]
    (tmp_path / "deltagare.csv").write_text("\n".join(lines), encoding="utf-8")
    project_file = begun(tmp_path / "deltagare.csv")
    (register,) = load_project(project_file).registers
    assert register.ongoing_when == (word,)
    assert outcomes(project_file) == truth(rows)
    # A project file that does not say so is given the line.
    text = project_file.read_text(encoding="utf-8")
    without = "\n".join(one for one in text.splitlines() if "ongoing_when" not in one)
    project_file.write_text(without, encoding="utf-8")
    pasted = [line for one in checked(project_file).paste for line in one.lines]
    known = word in ("tills vidare", "9999-12-31")
    assert [yaml.safe_load(line) for line in pasted] == [{"ongoing_when": [word]}] * (not known)
    # One that says something else is given the whole line, in place of its own.
    other = text.replace(f"ongoing_when: [{word}]", "ongoing_when: [annat]")
    if other != text and not known:
        project_file.write_text(other, encoding="utf-8")
        (paste,) = checked(project_file).paste
        assert paste.is_instead
        assert yaml.safe_load(paste.lines[0]) == {"ongoing_when": ["annat", word]}


def test_a_text_with_reasons_for_leaving_is_only_a_comment(tmp_path: Path) -> None:
    ends = (row[3] if i % 3 == 0 else "okänt datum" for i, row in enumerate(people()))
    rows = [(*row[:3], end, "Arbete") for row, end in zip(people(), ends, strict=True)]
    file = workbook(tmp_path / "deltagare.xlsx", [HEADINGS, *rows])
    text = begun(file).read_text(encoding="utf-8")
    assert "\n    # ongoing_when: [okänt datum]" in text


def test_an_empty_register_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as told:
        begun(workbook(tmp_path / "deltagare.xlsx", [("Löpnr", "Dag då insatsen började")]))

    assert "registret är tomt" in told.value.in_language("sv")


@pytest.mark.parametrize(("n", "is_told"), [(3, True), (60, False)])
def test_check_says_when_a_register_has_too_few_to_show(
    tmp_path: Path, n: int, is_told: bool
) -> None:
    project = begun(workbook(tmp_path / "deltagare.xlsx", [HEADINGS, *people(n)]))

    told = [one.text for one in checked(project, language="sv").remarks]

    assert any("färre än 20 personer" in text for text in told) == is_told


def test_a_project_of_the_social_fund_begins_with_its_chapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ("Vägen in", "Ett samarbete.", "1", "esf_plus")
    project_file, _ = asked(tmp_path, monkeypatch, *answers)
    assert load_project(project_file).chapters[-1] == "esf_indicators"


def test_a_list_that_is_not_read_is_told_what_it_may_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [("Deltagare", "Samtalsdatum", "Svar"), ("A001", dt.date(2024, 9, 1), "arbete")]
    sheets = [[HEADINGS, *people()], events]
    begun(workbook(tmp_path / "deltagare.xlsx", *sheets, names=("Alla", "Samtal")))
    told = capsys.readouterr().out
    assert "[Samtal]: 1 rad; läses inte" in told
    assert "follow_up" in told
