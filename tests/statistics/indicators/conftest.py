"""Twelve invented participants who together meet every counting rule, read through intake.

Data cut 31 December 2022. No. 1 returns; 2 loses the job on day 18; 3 gets one on day 28 and
4 on day 29; 5 left 21 days before the cut, 12 exactly 28 days before it; 6 lacks education;
3 and 7 refuse a sensitive question; 8 worked at entry; 9 is still enrolled; nobody knows what
became of 10; 11 left for a municipal job.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from evalkit.intake import Intake, read_registers
from evalkit.project.model import Project
from evalkit.statistics.indicators.definitions import CodeList, code_list
from evalkit.statistics.indicators.records import records_of

REGISTER = """\
Löpnr;Kön;Ålder;Utbildningsnivå;Sysselsättning före;Inskrivningstid AF;Utländsk bakgrund;\
Funktionsnedsättning;Startdatum;Slutdatum;Avslutsorsak;Försörjning efter
1;K;24;Grundskola;Arbetslös;200;Nej;Nej;2022-01-10;2022-03-01;Avbrott;
2;M;30;Gymnasium;Långtidsarbetslös;;Nej;Nej;2022-01-10;2022-05-02;Arbete;Lön
3;K;40;Högskola;Utanför arbetskraften;;Vill ej uppge;Nej;2022-01-10;2022-05-02;Åter AF;
4;M;56;Grundskola;Utanför arbetskraften;;Nej;Nej;2022-01-10;2022-05-02;Åter AF;
5;K;33;Gymnasium;Arbetslös;365;Nej;Nej;2022-01-10;2022-12-10;Arbete;Lön
6;M;45;;Arbetslös;;Nej;Nej;2022-01-10;2022-03-01;Arbete;Lön
7;K;28;Högskola;Arbetslös;400;Nej;Vill ej uppge;2022-01-10;2022-04-01;Studier;Studiemedel
8;M;50;Gymnasium;Arbete;;Nej;Nej;2022-01-10;2022-04-01;Åter remittent;
9;K;19;Grundskola;Studerar;;Nej;Nej;2022-01-10;;;
10;M;35;Gymnasium;Program;300;Ja;Nej;2022-01-10;2022-06-15;Okänd;
11;K;60;Grundskola;Arbetslös;;Nej;Ja;2022-01-10;2022-11-30;OSA;Lön
12;M;17;Grundskola;Arbetslös;100;Nej;Nej;2022-01-10;2022-12-03;Arbete;Lön
1;K;25;Gymnasium;Arbetslös;240;Nej;Nej;2022-04-01;2022-06-01;Arbete;Lön
"""
FOLLOW_UP = """\
Löpnr;Datum;Status
1;2022-03-10;Arbetslös
1;2022-06-01;Arbete
1;2022-11-20;Arbete
2;2022-05-02;Arbete
2;2022-05-20;Arbetslös
3;2022-05-30;Arbete
4;2022-05-31;Arbete
4;2022-05-10;Arbetssökande
5;2022-12-10;Arbete
7;2022-04-05;Studier
7;2022-04-20;Betyg
8;2022-04-02;Arbete
8;2022-09-15;Bättre situation
12;2022-12-03;Arbete
"""
Records = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """The twelve as intake hands them on, with their events."""
    folder = tmp_path_factory.mktemp("twelve")
    return read_registers(_project(folder), key=b"a key for tests only")


@pytest.fixture(scope="session")
def records(twelve: Intake) -> Records:
    """Records of the twelve under a code list."""

    def made(codes: CodeList, **options: object) -> pd.DataFrame:
        cut = pd.Timestamp("2022-12-31").date()
        return records_of(twelve.persons, twelve.events, codes, data_cut=cut, **options)  # type: ignore[arg-type]

    return made


@pytest.fixture(params=["esf_2014_2020", "esf_plus_2021_2027"])
def codes(request: pytest.FixtureRequest) -> CodeList:
    return code_list(request.param)


def _project(folder: Path) -> Project:
    (folder / "tolv.csv").write_text(REGISTER, encoding="utf-8")
    (folder / "sedan.csv").write_text(FOLLOW_UP, encoding="utf-8")
    text = {"sv": "Tolv", "en": "Twelve"}
    register = {
        "file": "tolv.csv",
        "values": {"support_after": {"Studiemedel": "student_aid", "Lön": "wage"}},
        "follow_up": {"file": "sedan.csv"},
    }
    return Project.model_validate(
        {
            "id": "twelve",
            "title": text,
            "summary": text,
            "period": {"start": "2022-01-01", "end": "2022-12-31"},
            "data_cut": "2022-12-31",
            "registers": [register],
            "chapters": ["data_quality"],
        }
    ).placed_in(folder)
