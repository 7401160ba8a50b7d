"""From messy files to persons: what is found, what is set aside, and that it all adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest

from evalkit.intake import Intake, IntakeError, read_registers
from evalkit.project.model import Project
from evalkit.results import Finding
from tests.intake.conftest import KEY, Build

HEADER = "Löpnr;Kön;Ålder;Startdatum;Slutdatum;Avslutsorsak"
TODAY = dt.date(2020, 3, 1)
FILLER = ("90;Kvinna;30;2018-01-15;2018-03-01;Arbete", "91;Man;40;2018-01-15;;")
Csv = Callable[..., str]


def _read(
    project_of: Build, csv: Csv, *lines: str, header: str = HEADER, **register: Any
) -> Intake:
    return read_registers(project_of(csv(header, *lines), **register), key=KEY, today=TODAY)


def _found(intake: Intake, check: str) -> Finding:
    (found,) = [finding for finding in intake.findings if finding.check == check]
    return found


def _flow(intake: Intake) -> dict[str, int]:
    return {step.step: step.count for step in intake.flow}


@pytest.mark.parametrize(
    ("line", "check", "severity"),
    [
        ("1;Man;20;;2018-03-01;Arbete", "entry_missing", "error"),
        ("1;Man;20;2018-02-30;2018-03-01;Arbete", "entry_impossible", "error"),
        ("1;Man;20;1900-01-01;2018-03-01;Arbete", "entry_impossible", "error"),
        ("1;Man;20;1970-01-01;;", "entry_impossible", "error"),
        ("1;Man;20;2020-02-01;;", "entry_after_cut", "error"),
        ("90;Kvinna;30;2018-01-15;2018-03-01;Arbete", "duplicate_rows", "warning"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_finding_and_a_step_of_the_flow(
    project_of: Build, csv: Csv, line: str, check: str, severity: str
) -> None:
    intake = _read(project_of, csv, *FILLER, line)
    found = _found(intake, check)
    assert (found.severity, found.rows, found.count) == (severity, (4,), 1)
    assert _flow(intake) == {
        "rows_read": 3,
        check: 1,
        "rows_accepted": 2,
        "persons_analysed": 2,
    }


@pytest.mark.parametrize(
    ("line", "check", "column"),
    [
        ("1;Man;20;2018-02-01;2020-02-01;Arbete", "exit_after_cut", "Slutdatum"),
        ("1;Man;20;2018-02-01;2021-02-01;Arbete", "future_dates", "Slutdatum"),
        ("1;Man;20;2018-02-01;..;", "exit_not_available", "Slutdatum"),
        ("1;Man;20;2017-02-01;;", "entry_before_period", "Startdatum"),
        ("1;Man;20;2018-02-01;2018-03-01;", "exit_reason_missing", "Avslutsorsak"),
        ("1;Man;20;2018-02-01;;Arbete", "reason_without_exit", "Slutdatum"),
        ("1;Man;20;2018-02-01;2018-03-01;Rymde till havs", "exit_reason_unmapped", "Avslutsorsak"),
        ("1;Herre;20;2018-02-01;;", "sex_unmapped", "Kön"),
        ("1;Man;tjugo;2018-02-01;;", "not_a_number", "Ålder"),
        ("1;Man;200;2018-02-01;;", "age_implausible", "Ålder"),
        (";Man;20;2018-02-01;;", "identity_missing", "Löpnr"),
        ("1;Man;20;2018-02-01;2018-03-01;Se 197802022389", "identity_in_text", "Avslutsorsak"),
    ],
)
def test_a_doubtful_row_is_kept_and_reported(
    project_of: Build, csv: Csv, line: str, check: str, column: str
) -> None:
    intake = _read(project_of, csv, *FILLER, line)
    found = _found(intake, check)
    assert (found.file, found.column, found.rows) == ("deltagare.csv", column, (4,))
    assert _flow(intake)["persons_analysed"] == 3


@pytest.mark.parametrize(
    ("line", "check", "exit_class"),
    [
        ("1;Man;20;2018-02-01;31/4/2018;Arbete", "exit_impossible", "employment"),
        ("1;Man;20;2018-02-01;se akten;", "exit_impossible", "unknown"),
        ("1;Man;20;2018-02-01;2018-01-31;Arbete", "exit_before_entry", "employment"),
        ("1;Man;20;2018-02-01;;Studier", "reason_without_exit", "studies"),
        ("1;Man;20;2018-02-01;;Planenligt avslut", "reason_without_exit", "completed_unknown"),
    ],
)
def test_a_person_whose_end_is_not_known_stays_with_an_unknown_end(
    project_of: Build, csv: Csv, line: str, check: str, exit_class: str
) -> None:
    intake = _read(project_of, csv, *FILLER, line)
    found = _found(intake, check)
    assert (found.severity, found.rows) == ("error", (4,))
    person = intake.persons[intake.persons["age_at_entry"] == 20].iloc[0]
    assert person["exit_class"] == exit_class
    assert pd.isna(person["exit"])
    assert pd.isna(person["days"])


def test_an_exit_after_the_data_cut_is_ongoing_at_the_cut(project_of: Build, csv: Csv) -> None:
    persons = _read(project_of, csv, *FILLER, "1;Man;20;2019-12-01;2020-02-01;Arbete").persons
    late = persons[persons["age_at_entry"] == 20].iloc[0]
    assert late["exit_class"] == "ongoing"
    assert pd.isna(late["exit"])
    assert late["days"] == 30  # 1 to 31 December


@pytest.mark.parametrize(
    "ending",
    [
        "",
        "9999-12-31",
        "Pågår",
        "-",
        "#NULL!",
        "(Blank)",
        "0000-00-00",
        "1900-01-01",
        "1970-01-01",
        "0",
    ],
)
def test_every_way_of_saying_ongoing_is_ongoing(project_of: Build, csv: Csv, ending: str) -> None:
    intake = _read(project_of, csv, *FILLER, f"1;Man;20;2018-02-01;{ending};")
    assert (intake.persons["exit_class"] == "ongoing").sum() == 2
    assert {found.severity for found in intake.findings} <= {"note"}


def test_re_entries_are_one_person_with_first_start_and_final_exit(
    project_of: Build, csv: Csv
) -> None:
    intake = _read(
        project_of, csv, *FILLER,
        "1;Man;20;2018-06-01;2018-09-01;Studier",
        "1;Man;20;2018-02-01;2018-03-01;Avbrott",
    )  # fmt: skip
    person = intake.persons[intake.persons["n_spells"] == 2].iloc[0]
    assert person["entry"] == dt.datetime(2018, 2, 1)
    assert person["exit"] == dt.datetime(2018, 9, 1)
    assert person["exit_class"] == "studies"
    assert person["days"] == (dt.date(2018, 9, 1) - dt.date(2018, 2, 1)).days
    assert _found(intake, "re_entries").rows == (4,)
    assert _flow(intake)["spells_merged"] == 1


def test_a_sex_stated_once_is_the_persons_and_the_first_of_two_goes(
    project_of: Build, csv: Csv
) -> None:
    intake = _read(
        project_of, csv, *FILLER,
        "1;;20;2018-02-01;2018-03-01;Avbrott",
        "1;Man;20;2018-06-01;2018-09-01;Studier",
        "2;Kvinna;25;2018-02-01;2018-03-01;Avbrott",
        "2;Man;25;2018-06-01;2018-09-01;Studier",
        "3;;28;2018-02-01;2018-03-01;Avbrott",
    )  # fmt: skip
    sexes = dict(zip(intake.persons["age_at_entry"], intake.persons["sex"], strict=True))
    assert (sexes[20], sexes[25], sexes[28]) == ("man", "woman", "unknown")


def test_overlapping_spells_are_a_warning_on_the_later_row(project_of: Build, csv: Csv) -> None:
    intake = _read(
        project_of, csv, *FILLER,
        "1;Man;20;2018-02-01;2018-12-01;Avbrott",
        "1;Man;20;2018-06-01;2018-09-01;Studier",
    )  # fmt: skip
    assert _found(intake, "overlapping_spells").rows == (5,)
    assert intake.persons["exit"].max() == dt.datetime(2018, 12, 1)


def test_a_person_with_an_open_last_spell_is_still_enrolled(project_of: Build, csv: Csv) -> None:
    intake = _read(
        project_of, csv, *FILLER,
        "1;Man;20;2018-02-01;2018-03-01;Arbete",
        "1;Man;20;2018-06-01;;",
    )  # fmt: skip
    person = intake.persons[intake.persons["n_spells"] == 2].iloc[0]
    assert person["exit_class"] == "ongoing"


def test_only_frequent_plain_exit_reasons_are_listed(project_of: Build, csv: Csv) -> None:
    def lines(reason: str, start: int, times: int) -> list[str]:
        return [f"{start + i};Man;20;2018-02-01;2018-03-01;{reason}" for i in range(times)]

    intake = _read(
        project_of, csv,
        *lines("Praktik", 1, 3),
        *lines("Se Anna Markör", 10, 1),
        *lines("Tel 0411 577000", 20, 3),
        *lines("En mycket lång redogörelse för varför just den här personen", 30, 3),
        *lines("Storgatan 14", 40, 3),
        *lines("Steg 3 > 12", 50, 3), *lines("Praktik > 12 v", 60, 4),
    )  # fmt: skip
    found = _found(intake, "exit_reason_unmapped")
    assert found.listing == ("Praktik > 12 v (4)", "Praktik (3)")
    assert found.count == 20
    assert (intake.spells["exit_class"] == "unknown").all()


def test_the_project_may_name_its_own_columns_reasons_and_values(
    project_of: Build, csv: Csv
) -> None:
    intake = _read(
        project_of, csv,
        "1;Man;2018-02-01;2018-03-01;Praktik;Spår A",
        "2;Tjej;2018-02-01;;;Spår B",
        header="Löpnr;Kön;Började;Slutdatum;Avslutsorsak;Inriktning",
        columns={"Började": "entry", "Inriktning": "track"},
        exit_reasons={"praktik": "referred_back"},
        values={"sex": {"tjej": "woman"}, "track": {"Spår A": "care"}},
    )  # fmt: skip
    assert intake.spells["track"].tolist() == ["care", "Spår B"]
    assert intake.spells["exit_class"].tolist() == ["referred_back", "ongoing"]
    assert intake.spells["sex"].tolist() == ["man", "woman"]
    assert intake.findings == ()


def test_a_column_the_project_names_in_vain_is_an_error(project_of: Build, csv: Csv) -> None:
    intake = _read(project_of, csv, *FILLER, columns={"Inriktning": "track"})
    assert _found(intake, "absent_columns").listing == ("Inriktning",)


def test_identity_numbers_give_age_and_sex_and_win_over_the_columns(
    project_of: Build, csv: Csv
) -> None:
    intake = _read(
        project_of, csv,
        "19780202-2389;Man;12;2018-02-01;;",
        "701063-2391;;;2018-02-01;;",
        "19780202-2388;Man;33;2018-02-01;;",
        header=HEADER.replace("Löpnr", "Personnummer"),
    )  # fmt: skip
    spells = intake.spells
    # Born 2 February 1978: 39 on 1 February 2018.
    assert spells["age_at_entry"].tolist() == [39, 47, 33]
    assert spells["sex"].tolist() == ["woman", "man", "man"]
    assert _found(intake, "sex_disagrees").rows == (2,)
    assert _found(intake, "age_disagrees").rows == (2,)
    assert _found(intake, "identity_invalid").rows == (4,)
    assert _found(intake, "identity_coordination").rows == (3,)


def test_follow_up_before_the_exit_or_before_its_time_is_found(project_of: Build, csv: Csv) -> None:
    intake = _read(
        project_of, csv,
        "1;2018-02-01;2018-06-01;Arbete;2018-05-01;Anställd",
        "2;2018-02-01;;;;Anställd",
        "3;2018-02-01;2019-12-01;Arbete;;Anställd",
        "4;2018-02-01;2018-06-01;Arbete;2018-09-01;Sover mycket",
        header="Löpnr;Startdatum;Slutdatum;Avslutsorsak;Statusdatum;Status efter 90 dagar",
    )  # fmt: skip
    assert _found(intake, "status_before_exit").rows == (2,)
    assert _found(intake, "status_while_enrolled").rows == (3,)
    assert _found(intake, "status_before_follow_up").rows == (4,)
    assert _found(intake, "value_unmapped").rows == (5,)
    # The fourth row's ninety days end after the cut: whatever is filled in is not known yet.
    assert intake.spells["status_90d"].tolist()[:3] == ["employment", "employment", ""]


def test_whoever_left_on_an_unknown_day_is_not_said_to_be_enrolled(
    project_of: Build, csv: Csv
) -> None:
    intake = _read(
        project_of, csv,
        "1;2018-02-01;2018-01-01;Arbete;Anställd",
        "2;2018-02-01;;;Anställd",
        header="Löpnr;Startdatum;Slutdatum;Avslutsorsak;Status efter 90 dagar",
    )  # fmt: skip
    assert _found(intake, "exit_before_entry").rows == (2,)
    assert _found(intake, "status_while_enrolled").rows == (3,)


def test_a_register_without_persons_counts_rows_and_drops_no_twins(
    project_of: Build, csv: Csv
) -> None:
    line = "2018-02-01;2018-06-01;Arbete"
    intake = _read(project_of, csv, line, line, header="Startdatum;Slutdatum;Avslutsorsak")
    assert len(intake.persons) == 2
    assert _found(intake, "no_person_column").severity == "error"


def test_codes_of_two_registers_are_different_persons_and_said_to_be(
    project_of: Build, csv: Csv
) -> None:
    first = csv(HEADER, *FILLER, name="a.csv")
    second = csv(HEADER, *FILLER, name="b.csv")
    intake = read_registers(project_of(first, second), key=KEY, today=TODAY)
    assert len(intake.persons) == 4
    assert [f.file for f in intake.findings if f.check == "codes_per_register"] == [first, second]


BARE = "Löpnr;Kön;Startdatum;Slutdatum;Status vid avslut"


def test_a_list_without_reasons_does_not_overrule_one_that_has_them(
    project_of: Build, csv: Csv
) -> None:
    """The list holds the latest date; of the third person it alone knows that he has left."""
    register = csv(
        HEADER,
        "1;Kvinna;30;2018-01-15;2018-03-01;Arbete",
        "2;Man;40;2018-01-15;2018-04-01;Studier",
        "3;Man;50;2018-01-15;;",
        "4;Man;50;2018-01-15;;",
        name="a.csv",
    )
    bare = csv(
        BARE,
        "1;Kvinna;2018-01-15;2018-03-01;Anställd",
        "2;Man;2018-01-15;2018-04-09;Anställd",
        "3;Man;2018-01-15;2018-05-01;",
        "4;Man;2018-01-15;;",
        name="b.csv",
    )
    for files in ((register, bare), (bare, register)):
        intake = read_registers(project_of(*files, codes="shared"), key=KEY, today=TODAY)
        persons = intake.persons.sort_values(["age_at_entry", "exit"])
        classes = persons["exit_class"].tolist()
        assert (classes[:2], classes[3]) == (["employment", "studies"], "ongoing")
        assert persons["exit"].dt.strftime("%m-%d").tolist()[:3] == ["03-01", "04-01", "05-01"]
        assert persons["register"].tolist() == ["a.csv", "a.csv", "b.csv", "a.csv"]
        # What the list says of the day of leaving is kept where it is of the same day.
        assert persons["status_at_exit"].tolist()[:2] == ["employment", ""]
        found = _found(intake, "list_without_reasons")
        assert (found.file, found.severity, found.count) == ("b.csv", "note", 4)
        assert [one.rows for one in intake.findings if one.check == "older_copies"] == [(4,)]


def test_sheets_of_one_workbook_are_told_apart_and_share_what_is_said_of_values(
    project_of: Build, tmp_path: Any
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year, reason in ((2018, "Orsak"), (2019, "Utskriven till")):
        sheet = book.create_sheet(str(year))
        sheet.append(["Löpnr", "Inskriven", "Utskriven", reason, "Coach"])
        sheet.append(["1", f"{year}-02-01", f"{year}-03-01", "Praktik", "x"])
        sheet.append(["2", f"{year}-02-01", f"{year}-01-01", "Praktik", "Nej"])
    book.save(tmp_path / "lista.xlsx")
    content = project_of().model_dump()
    first = {"file": "lista.xlsx", "sheet": "2018", "columns": {"Coach": "coach"}}
    second = {**first, "sheet": "2019"}
    said = {"exit_reasons": {"Praktik": "referred_back"}, "kinds": {"coach": "yes_no"}}
    content["registers"] = [{**first, **said}, second]
    project = Project.model_validate(content).placed_in(tmp_path)
    intake = read_registers(project, key=KEY, today=TODAY)
    assert intake.spells["coach"].tolist() == ["yes", "no", "yes", "no"]
    assert set(intake.spells["exit_class"]) == {"referred_back"}
    wrong = [(f.file, f.rows) for f in intake.findings if f.check == "exit_before_entry"]
    assert wrong == [("lista.xlsx [2018]", (3,)), ("lista.xlsx [2019]", (3,))]


def test_files_of_the_same_name_are_told_apart_by_their_folders(
    project_of: Build, csv: Csv, tmp_path: Any
) -> None:
    for year in ("2018", "2019"):
        (tmp_path / year).mkdir()
        csv(HEADER, *FILLER, name=f"{year}/deltagare.csv")
    intake = read_registers(
        project_of("2018/deltagare.csv", "2019/deltagare.csv"), key=KEY, today=TODAY
    )
    assert set(intake.spells["register"]) == {"2018/deltagare.csv", "2019/deltagare.csv"}
    # Codes are unique in their own file only, also where the files are called the same.
    assert len(intake.persons) == 4


def test_a_header_of_two_names_for_one_thing_is_recognised(project_of: Build, csv: Csv) -> None:
    header = HEADER.replace("Löpnr", "Personnr / kod").replace("Startdatum", "Start/anvisad")
    intake = _read(project_of, csv, *FILLER, header=header)
    assert "no_person_column" not in {found.check for found in intake.findings}
    both = _read(project_of, csv, *FILLER, header=HEADER.replace("Löpnr", "Kommun/Löpnr"))
    assert "no_person_column" in {found.check for found in both.findings}


def test_parts_of_a_total_below_the_table_are_no_persons(project_of: Build, csv: Csv) -> None:
    intake = _read(project_of, csv, *FILLER, "Summa;2;;;;", "varav kvinnor;1;;;;")
    assert _flow(intake)["totals_rows"] == 2


def test_a_workbook_with_everything_wrong_still_adds_up(project_of: Build, xlsx: Any) -> None:
    def disturb(sheet: Any) -> None:
        sheet.merge_cells("A1:F1")
        sheet.row_dimensions[6].hidden = True

    rows = [
        ["Deltagarlista 2018", *[None] * 5],
        [None] * 6,
        ["Deltagare", None, "Datum", None, None, "Avslut"],
        ["Löpnr", "Kommun-\nkod", "Start", "Slut", "Ålder", "Avslutsorsak (enligt mall)"],
        [1.0, 114, 43132, dt.date(2018, 6, 1), 25, "Arbete"],
        [2.0, 1286, "1/2 2018", "Pågår", 30, None],
        [3.0, 1286, "180201", "=D5", 30, "Studier"],
        ["Löpnr", "Kommun-\nkod", "Start", "Slut", "Ålder", "Avslutsorsak (enligt mall)"],
        [4.0, 1286, dt.datetime(2018, 2, 1), "2018-02-01", "1\xa0000", "Avbrott"],
        ["Summa", None, 4, None, None, None],
        ["Källa: eget register", *[None] * 5],
    ]
    name = xlsx(rows, disturb=disturb)
    intake = read_registers(project_of(name), key=KEY, today=TODAY)
    assert _flow(intake) == {
        "rows_read": 7, "totals_rows": 1, "note_rows": 1, "repeated_headers": 1,
        "rows_accepted": 4, "persons_analysed": 4,
    }  # fmt: skip
    assert intake.spells["row"].tolist() == [5, 6, 7, 9]
    assert intake.spells["municipality"].tolist() == ["0114", "1286", "1286", "1286"]
    # Left for studies on a day that a formula without a result does not tell.
    assert _found(intake, "exit_impossible").rows == (7,)
    assert (intake.spells["entry"] == dt.datetime(2018, 2, 1)).all()
    assert _found(intake, "title_rows").rows == (1, 3)
    assert _found(intake, "hidden_rows").rows == (6,)
    assert _found(intake, "formula_without_value").rows == (7,)


def test_rows_read_are_the_rows_accepted_and_every_row_set_aside(
    project_of: Build, csv: Csv
) -> None:
    intake = _read(
        project_of, csv, *FILLER, FILLER[0],
        "1;Man;20;x;2018-01-01;Arbete", "2;Man;20;2018-02-01;2018-01-01;Arbete", "Summa;;;3;;",
        "3;Man;20;2025-01-01;2024-01-01;Arbete", "",
    )  # fmt: skip
    steps = [step for step in intake.flow if step.unit == "rows"]
    assert steps[0].count == sum(step.count for step in steps[1:])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((HEADER,), "the register is empty: the header is on row 1"),
        ((HEADER, FILLER[0]), "holds a single person"),
        ((HEADER, "1;Man;20;;;", "2;Man;20;;;"), r"no row could be used; without a start date: 2"),
        (("Löpnr;Kön", "1;Man"), "no column with a start date .* recognised headers: Kön, Löpnr"),
        (("a;b", "1;2"), "recognised headers: –"),
    ],
)
def test_a_register_that_cannot_be_used_is_one_clear_sentence(
    project_of: Build, csv: Csv, lines: tuple[str, ...], message: str
) -> None:
    with pytest.raises(IntakeError, match=message):
        read_registers(project_of(csv(*lines)), key=KEY, today=TODAY)


def test_a_project_without_registers_says_so(project_of: Build) -> None:
    with pytest.raises(IntakeError, match="no registers"):
        read_registers(project_of(), key=KEY)


def test_the_same_key_gives_the_same_table(project_of: Build, csv: Csv) -> None:
    first = _read(project_of, csv, *FILLER)
    assert first.spells.equals(_read(project_of, csv, *FILLER).spells)


def test_an_entry_on_the_data_cut_itself_is_an_entry(project_of: Build, csv: Csv) -> None:
    intake = _read(project_of, csv, *FILLER, "1;Man;20;2019-12-31;;")
    assert _flow(intake)["persons_analysed"] == 3
    assert intake.persons["days"].min() == 0


def test_today_is_not_the_future(project_of: Build, csv: Csv) -> None:
    lines = (f"1;Man;20;2018-02-01;{TODAY};Arbete", f"2;Man;21;2018-02-01;{TODAY};Arbete")
    assert "future_dates" not in {found.check for found in _read(project_of, csv, *lines).findings}


def test_a_date_that_is_planned_is_read_as_a_date(project_of: Build, csv: Csv) -> None:
    """Two digits of a year after the cut are of this century: an end already agreed on."""
    intake = _read(project_of, csv, *FILLER, "1;Man;20;2018-02-01;210201;Arbete")
    assert _found(intake, "exit_after_cut").rows == (4,)


def test_an_exit_on_the_data_cut_itself_is_an_exit(project_of: Build, csv: Csv) -> None:
    intake = _read(project_of, csv, *FILLER, "1;Man;20;2019-12-01;2019-12-31;Studier")
    assert "studies" in set(intake.persons["exit_class"])
    assert "exit_after_cut" not in {found.check for found in intake.findings}


def test_a_long_spell_overlaps_every_later_one_inside_it(project_of: Build, csv: Csv) -> None:
    intake = _read(
        project_of, csv, *FILLER,
        "1;Man;20;2018-02-01;2018-12-01;Avbrott",
        "1;Man;20;2018-03-01;2018-04-01;Studier",
        "1;Man;20;2018-06-01;2018-07-01;Studier",
    )  # fmt: skip
    assert _found(intake, "overlapping_spells").rows == (5, 6)


def test_a_reason_tells_of_a_subsidy_where_no_column_does(project_of: Build, csv: Csv) -> None:
    reasons = {
        1: ("Arbete med lönestöd", "yes"),
        2: ("Arbete utan stöd", "no"),
        3: ("Osubventionerad anställning", "no"),
        4: ("Nystartsjobb", "yes"),
        5: ("Arbete", ""),
        6: ("Studier med stöd", ""),
        7: ("Eget avtal med kommunen", "yes"),
    }
    lines = [f"{i};Man;2{i};2018-02-01;2018-03-01;{text}" for i, (text, _) in reasons.items()]
    project = project_of(
        csv(HEADER, *lines),
        exit_reasons={"Studier med stöd": "studies", "Eget avtal med kommunen": "employment"},
        values={"subsidy": {"Eget avtal med kommunen": "yes"}},
    )
    intake = read_registers(project, key=KEY, today=TODAY)
    persons = intake.persons.set_index("age_at_entry")
    assert {i: persons.loc[20 + i, "subsidy"] for i in reasons} == {
        i: subsidy for i, (_, subsidy) in reasons.items()
    }
    assert _found(intake, "subsidy_in_reason").rows == (2, 3, 4, 5, 8)


def test_without_a_reason_that_names_a_subsidy_there_is_no_such_column(
    project_of: Build, csv: Csv
) -> None:
    intake = _read(project_of, csv, *FILLER, "1;Man;20;2018-02-01;2018-03-01;Arbete utan stöd")
    assert "subsidy" not in intake.persons.columns
