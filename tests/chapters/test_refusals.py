"""What METHODS says to refuse, hit by a project: a sentence in its language, never a figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from evalkit import chapters as sections
from evalkit import cli
from evalkit.answers.study import Purpose, open_study
from evalkit.language import LANGUAGES, Language, Texts
from tests.chapters.test_comparison_group import OWN, people
from tests.chapters.test_sections import text_of

Blocks = dict[str, Any]
YEARS = range(2008, 2020)


def written(folder: Path, language: Language, chapter: str, blocks: Blocks) -> Path:
    """A project of one chapter, of the years 2017–2018 unless it says otherwise."""
    content = {
        "id": "trial",
        "languages": [language],
        "title": {"sv": "Prov", "en": "Trial"},
        "summary": {"sv": "Prov.", "en": "Trial."},
        "period": {"start": "2017-01-01", "end": "2018-12-31"},
        "data_cut": "2019-12-31",
        "is_synthetic": True,
        "groups": [],
        "chapters": [chapter],
        **blocks,
    }
    file = folder / "project.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return file


def areas(folder: Path, *, others: int = 20, first: int = 2008, n: int = 0, **spec: Any) -> Blocks:
    """A yearly series of A00 and others, each year of ``n`` persons where that is given."""
    rng = np.random.default_rng(3)
    names = [f"A{i:02d}" for i in range(others + 1)]
    rows = [(a, y, round(rng.uniform(40, 60), 2), n) for a in names for y in YEARS if y >= first]
    table = pd.DataFrame(rows, columns=["area", "period", "value", "n"])
    table.drop(columns=[] if n else "n").to_csv(folder / "s.csv", index=False)
    series = {
        "id": "s",
        "title": {"sv": "Serie", "en": "Series"},
        "file": "s.csv",
        "unit": {"sv": "procent", "en": "per cent"},
        "source": "SCB",
        "area": "A00",
        "reference": "A01",
        "comparison": names[1:],
        "period": [str(first), "2019"],
        "chosen_for": "worst_year",
        "start_chosen_for": "worst_year",
        **({"n_column": "n", "is_percentage": True} if n else {}),
        **spec,
    }
    treated = series.get("treated", [])
    series["comparison"] = [one for one in series["comparison"] if one not in treated]
    return {"series": [series]}


def leavers(
    folder: Path, *, reason: str = "Arbete", left: str = "2018-11-01", **more: Any
) -> Blocks:
    """Sixty who left on one day, asked about at no time since."""
    rows = [f"P{i};{'KM'[i % 2]};2018-01-01;{left};{reason}" for i in range(60)]
    head = "Löpnr;Kön;Startdatum;Slutdatum;Avslutsorsak"
    (folder / "r.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    (folder / "f.csv").write_text("Löpnr;Datum;Status\nP0;2018-11-02;Arbete\n", encoding="utf-8")
    asked = {"file": "f.csv", "columns": {"Löpnr": "person_id"}, "kind": "contacts", "days": [90]}
    return {"registers": [{"file": "r.csv", "follow_up": asked}], **more}


def groups(
    folder: Path, *, own: float, others: float, apart: int = 0, n: int = 150, queue: int = 170
) -> Blocks:
    """Participants and a queue with so many at work; ``apart`` years between their ages."""
    for name, mark, share, size in (("own", "in", own, n), ("others", "queue", others, queue)):
        frame = people(size, mark=mark, first=len(name) * 1000, shift=apart * (mark == "queue"))
        frame["Läge"] = np.where(np.arange(size) < share * size, "Arbete", "Arbetslös")
        frame.to_csv(folder / f"{name}.csv", sep=";", index=False)
    return {
        "period": {"start": "2018-01-01", "end": "2018-12-31"},
        "data_cut": "2020-06-30",
        "registers": [{"file": "own.csv", **OWN}],
        "comparison": {
            "title": {"sv": "Kö", "en": "Queue"},
            "from_register": {"file": "others.csv", **OWN},
            "came_about": "waiting_list",
            "description": {"sv": "Kön.", "en": "The queue."},
            "confounders": ["age_at_entry"],
            "outcome": {"day": 365, "statuses": ["employment"], "column": "status_1y"},
        },
    }


def of_sexes(folder: Path, *, women_at_b: int = 30, **more: Any) -> Blocks:
    """Two places, thirty women and men at each unless it says otherwise; half went to work."""
    rows = []
    for place, women in (("A", 30), ("B", women_at_b)):
        for sex, count in (("K", women), ("M", 30)):
            rows += [
                f"{place}{sex}{i};{sex};{place};2018-01-01;2018-0{3 + i % 6}-01;"
                f"{('Arbete', 'Avbrott')[i % 2]}"
                for i in range(count)
            ]
    head = "Löpnr;Kön;Kommun;Startdatum;Slutdatum;Avslutsorsak"
    (folder / "r.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    return {"registers": [{"file": "r.csv"}], **more}


def status_twice(folder: Path, *, after: str = "status_end", started: int = 10) -> Blocks:
    """Sixty who left, a third of them at work before and ``started`` more afterwards."""
    rows = [
        f"P{i};K;2018-01-01;2018-06-01;Arbete;{('Arbetslös', 'Arbete')[i < 20]};"
        f"{('Arbetslös', 'Arbete')[i < 20 + started]}"
        for i in range(60)
    ]
    head = "Löpnr;Kön;Startdatum;Slutdatum;Avslutsorsak;Före;Efter"
    (folder / "r.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    columns = {"Före": "status_start", "Efter": "status_end"}
    kinds = dict.fromkeys(columns.values(), "status")
    register = {"file": "r.csv", "columns": columns, "kinds": kinds}
    sides = {"before": {"status_column": "status_start"}, "after": {"status_column": after}}
    return {"registers": [register]} | before_after(**sides)


def before_after(**sides: Any) -> Blocks:
    spec = {"id": "work", "title": {"sv": "I arbete", "en": "At work"}, "outcome": ["employment"]}
    return {"before_after": [spec | sides]}


def published(**side: Any) -> Any:
    return {"label": {"sv": "Då", "en": "Then"}, **side}


Made = Callable[[Path], Blocks]
COMPARED = ("before_after", "comparisons")
TREND = ("trend_against_reference", "designs")
REFUSED: dict[str, tuple[tuple[str, str], str, Made]] = {
    "1 nobody followed so long": (
        ("after_leaving", "still_in_work"),
        "too_few_followed",
        lambda folder: leavers(folder, left="2019-12-01"),
    ),
    "1 nobody's situation known": (
        ("after_leaving", "still_in_work"),
        "status_unknown_for_all",
        leavers,
    ),
    "1 contacts have no curve": (
        ("after_leaving", "still_in_work"),
        "after_leaving.kind.contacts",
        leavers,
    ),
    "2 an outcome reached once and for all": (
        COMPARED,
        "zero_by_construction",
        lambda folder: status_twice(folder, after="exit_class"),
    ),
    "2 nobody changed": (
        COMPARED,
        "same_persons.nobody",
        lambda folder: status_twice(folder, started=0),
    ),
    "2 published percentages": (
        COMPARED,
        "same_persons.unknown_overlap",
        lambda _: before_after(
            before=published(percentage={"value": 32.8}),
            after=published(percentage={"value": 47.7, "n": 130}),
        ),
    ),
    "2 published counts": (
        COMPARED,
        "same_persons.unknown_overlap",
        lambda _: before_after(
            before=published(counts={"k": 42, "n": 128}),
            after=published(counts={"k": 62, "n": 130}),
        ),
    ),
    "3 a handful of others": (TREND, "too_few_others", lambda folder: areas(folder, others=6)),
    "3 two years before": (TREND, "too_few_periods", lambda folder: areas(folder, first=2015)),
    "3 another definition": (
        TREND,
        "definition_break",
        lambda folder: areas(folder, breaks=[{"period": "2017", "text": "Ny"}]),
    ),
    "3 chosen for its result": (
        TREND,
        "chosen_for_result",
        lambda folder: areas(folder, chosen_for="result"),
    ),
    "3 shares without n": (
        TREND,
        "n_not_published",
        lambda folder: areas(folder, is_share_without_n=True),
    ),
    "3 shares of four persons": (TREND, "too_few_persons", lambda folder: areas(folder, n=4)),
    "3 ten areas with shares": (
        TREND,
        "too_few_others",
        lambda folder: areas(folder, others=9, n=50),
    ),
    "4 two areas of six": (
        TREND,
        "too_few_assignments",
        lambda folder: areas(folder, others=5, treated=["A00", "A02"]),
    ),
    "4 areas ten times as large": (
        TREND,
        "areas_of_unlike_size",
        lambda folder: areas(
            folder,
            treated=["A00", "A02"],
            sizes={f"A{i:02d}": 50000 if i in (0, 2) else 5000 for i in range(21)},
        ),
    ),
    "4 an area ten times as large, by its n": (
        TREND,
        "areas_of_unlike_size",
        lambda folder: areas(folder, n=500, sizes={"A00": 50, "A01": 500, "A02": 500}),
    ),
    "5 everybody in both groups": (
        ("comparison_group", "differences"),
        "same_outcome_in_both",
        lambda folder: groups(folder, own=1, others=1),
    ),
    "5 groups of other ages": (
        ("comparison_group", "differences"),
        "no_overlap",
        lambda folder: groups(folder, own=0.5, others=0.5, apart=40),
    ),
    "5 few others of their age": (
        ("comparison_group", "differences"),
        "too_few_effective",
        lambda folder: groups(folder, own=0.8, others=0.3, apart=25, queue=40),
    ),
    "6 a day that nobody has reached": (
        ("time_to_employment", "by_group"),
        "few_at_day",
        lambda folder: of_sexes(folder, groups=["sex"], decisive={"day": 900}),
    ),
    "7 few women at a place": (
        ("esf_indicators", "women_and_men"),
        "groups_too_few_for_gaps",
        lambda folder: of_sexes(
            folder, women_at_b=7, equity={"by": ["municipality"]}, programme="esf_plus"
        ),
    ),
}


def refusal(reason: str, language: Language) -> str:
    """The sentence, up to the first of its facts."""
    key = reason if "." in reason else f"cannot.{reason}"
    return Texts(language)[key].split("{")[0].strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_to_be_refused_is_said_in_the_projects_language(
    tmp_path: Path, case: str, language: Language
) -> None:
    (chapter, section), reason, make = REFUSED[case]
    # A group under ten that may be published has all or none of them: it is explored here.
    purpose: Purpose = "explore" if case.startswith("7") else "release"
    file = written(tmp_path, language, chapter, make(tmp_path))
    study = open_study(file, language=language, purpose=purpose)
    text = text_of(getattr(getattr(sections, chapter), section)(study))
    assert refusal(reason, language) in text


def test_beside_a_refused_difference_the_other_methods_give_no_range(tmp_path: Path) -> None:
    blocks = groups(tmp_path, own=0.8, others=0.3, apart=25, queue=40)
    file = written(tmp_path, "en", "comparison_group", blocks)
    text = text_of(sections.comparison_group.differences(open_study(file, language="en")))
    assert refusal("comparison.methods.range", "en") not in text


def prices(**changes: Any) -> Blocks:
    """Two prices of 2024 and one cost."""
    wage = {"id": "wage", "payer": "employer", "receiver": "individual", "kronor": 900,
            "year": 2024, "source": "SCB"}  # fmt: skip
    tax = {**wage, "id": "tax", "payer": "individual", "receiver": "municipality", "kronor": 300}
    return {"society": {"prices": [wage, tax], "costs": {"municipality": 100000}, **changes}}


def with_price(**changes: Any) -> Blocks:
    found = prices()
    price = {**found["society"]["prices"][1], **changes}
    found["society"]["prices"][1] = {key: value for key, value in price.items() if value}
    return found


def percentage(**given: Any) -> Blocks:
    """The register of few persons, and a share as it was published before."""
    before = published(percentage=given)
    return before_after(before=before, after=published(counts={"k": 62, "n": 130}))


UNUSABLE: dict[str, tuple[Blocks, str, str]] = {
    "price without a source": (
        with_price(source=None),
        "source: nyckeln måste finnas",
        "source: this key is required",
    ),
    "prices of two years": (
        with_price(year=2019),
        "använd ett års priser",
        "use one year's prices",
    ),
    "subsidised days without their price": (
        prices(subsidised_days=True),
        "kräver ett pris",
        "needs a price",
    ),
    "longer than a year": (prices(horizon_days=500), "tal på högst 366", "number of at most 366"),
    "a range without its source": (
        prices(worked_anyway={"low": 0.2, "high": 0.5}),
        "nyckeln måste finnas",
        "this key is required",
    ),
    "more decimals than are stated": (
        percentage(value=32.8, decimals=0),
        "fler decimaler än decimals",
        "more decimals than decimals",
    ),
    "the same column before and after": (
        before_after(before={"status_column": "status_90d"}, after={"status_column": "status_90d"}),
        "samma kolumn",
        "same column",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", UNUSABLE)
def test_a_calculation_that_may_not_be_made_is_refused_by_the_command(
    tmp_path: Path, case: str, language: Language
) -> None:
    blocks, swedish, english = UNUSABLE[case]
    file = written(tmp_path, language, "society", leavers(tmp_path) | blocks)
    ended = CliRunner().invoke(cli.app, ["check", str(file)])
    assert ended.exit_code != 0
    assert (swedish if language == "sv" else english) in " ".join(ended.output.split())
