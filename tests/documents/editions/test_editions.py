"""A new edition that would tell what became of a few persons does not replace the old one."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.batch.run import render
from evalkit.documents.editions.outcomes import Outcome

pytestmark = pytest.mark.slow

PROJECT = """
id: trial
title: {sv: Prov, en: Trial}
summary: {sv: Prov., en: Trial.}
period: {start: 2018-01-01, end: 2018-12-31}
data_cut: 2018-12-31
registers: [{file: register.csv}]
groups: [sex]
languages: [en]
formats: [html]
chapters: [participants]
"""


def edition(folder: Path, persons: int) -> Outcome:
    rows = "".join(
        f"{i};{'KM'[i % 2]};2018-02-01;{'2018-05-01;arbete' if i % 3 else ';'}\n"
        for i in range(persons)
    )
    header = "Löpnr;Kön;Startdatum;Slutdatum;Avslutsorsak\n"
    (folder / "project.yaml").write_text(PROJECT, encoding="utf-8")
    (folder / "register.csv").write_text(header + rows, encoding="cp1252")
    (outcome,) = render([folder / "project.yaml"], output=folder / "reports", workers=1)
    return outcome


def test_two_more_persons_are_refused_and_thirty_more_are_not(tmp_path):
    report = tmp_path / "reports" / "trial" / "report.en.html"
    assert not edition(tmp_path, 90).failures
    first = report.read_bytes()
    assert not edition(tmp_path, 90).failures  # the same edition again

    (refused,) = edition(tmp_path, 92).failures
    assert "by fewer than 5 persons" in refused
    assert report.read_bytes() == first

    assert not edition(tmp_path, 120).failures
    assert report.read_bytes() != first


def test_the_ledger_holds_released_figures_only(tmp_path):
    edition(tmp_path, 90)
    ledger = (tmp_path / "reports" / "trial" / "ledger.json").read_text(encoding="utf-8")
    assert "90" in ledger
    assert "2018-02-01" not in ledger  # nobody's day
