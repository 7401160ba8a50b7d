"""Every result shows itself, is a frame, a picture and a file; a list shows as one table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

from evalkit import shape
from evalkit.disclosure import internal
from evalkit.documents import exploring
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import MIME_TYPE, Paragraph, Section
from evalkit.present.charts import curve_figure
from evalkit.present.labels import words_in
from evalkit.present.show import SHOWN, chart
from evalkit.results import (
    AreaSeries,
    Between,
    BreakEven,
    Coefficient,
    CountTable,
    DaysRange,
    Estimate,
    Finding,
    FlowStep,
    GroupFlow,
    GroupStep,
    NotEstimable,
    Released,
    SustainedWork,
    Withheld,
    YearsBefore,
)
from evalkit.results.claims import ClaimVerdict
from evalkit.shape import Rows, Shape, in_words, show_in_notebooks
from evalkit.statistics.adjustment.balance_table import balance_table, overlap
from evalkit.statistics.adjustment.doubly_robust import doubly_robust_difference
from evalkit.statistics.adjustment.groups import Groups, compare_groups
from evalkit.statistics.adjustment.side_by_side import compared, e_value_of
from evalkit.statistics.adjustment.weighting import weighted_difference
from evalkit.statistics.casemix.verdict import Expected, adjusted_verdict
from evalkit.statistics.follow_up.bounds import follow_up_bounds, tipping_point
from evalkit.statistics.regression.cox import cox
from evalkit.statistics.shares.before_after import before_after_counts
from evalkit.statistics.shares.claims import feasible_counts, feasible_difference
from evalkit.statistics.shares.equity import equity_gaps
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.shares.same_persons import same_persons
from evalkit.statistics.shares.targets import target_verdict
from evalkit.statistics.sites.comparison import compare_sites
from evalkit.statistics.sites.funnel import share_funnel
from evalkit.statistics.society import StatedRange, kronor_by_actor
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.logrank import log_rank
from evalkit.statistics.time_to_event.survival import kaplan_meier
from evalkit.statistics.trends.aligned import changes_between
from evalkit.statistics.trends.few_areas import areas_event_study
from evalkit.statistics.trends.interrupted import interrupted_series
from evalkit.statistics.trends.randomisation import randomised_areas
from evalkit.statistics.trends.shares import lead_change, lead_over_reference
from evalkit.statistics.trends.synthetic_control import synthetic_control
from tests.present import test_methods as methods
from tests.statistics.time_to_event.test_decisive_figure import exits, made
from tests.statistics.trends.test_after_a_bad_year import found_for, panel

PARTS = (Finding, FlowStep, ClaimVerdict, Coefficient)  # shown as a table of their fields
ROOMS = (
    "claims", "comparisons", "counts", "curves", "estimates", "series", "sites", "society",
    "states",
)  # fmt: skip
START = "2017-01"
OTHERS = ["B", "C", "D", "E", "F"]


def a_series() -> AreaSeries:
    rng = np.random.default_rng(1)
    months = pd.period_range("2016-01", "2017-12", freq="M").astype(str)
    rows = [
        (area, month, value)
        for area in ("A", *OTHERS)
        for month, value in zip(months, 8 + np.cumsum(rng.normal(0, 0.1, 24)), strict=True)
    ]
    table = pd.DataFrame(rows, columns=["area", "period", "value"])
    return AreaSeries(observations=table, unit="%", source="", is_synthetic=True)


def a_lead() -> Any:
    counts = ((40, 100), (60, 100))
    sides = [
        lead_over_reference(label=label, counts=count, reference_share=0.4)
        for label, count in zip(("2017", "2018"), counts, strict=True)
    ]
    return lead_change(*sides, before_counts=counts[0], after_counts=counts[1])


def compared_groups() -> Groups:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"arm": np.arange(120) % 2, "age": rng.integers(20, 60, 120)})
    frame["work"] = rng.integers(0, 2, 120)
    return compare_groups(frame, outcome="work", treatment="arm", covariates=["age"])


def a_balance() -> Any:
    groups = compared_groups()
    frame = pd.DataFrame({"age": groups.columns[1]})
    return balance_table(frame, groups, confounders=["age"])


def some_sites() -> list[Estimate]:
    return [
        proportion(events=k, n=60, group=name)
        for name, k in zip("ABCD", (20, 30, 35, 28), strict=True)
    ]


def events() -> Any:
    rng = np.random.default_rng(4)
    return event_table(
        rng.integers(1, 400, 80),
        rng.integers(0, 3, 80),
        cause_names=["employment", "studies"],
        groups=np.where(np.arange(80) % 2, "man", "woman"),
    )


def a_model() -> Any:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"days": rng.integers(1, 300, 80), "cause": rng.integers(0, 2, 80)})
    frame["age"] = rng.integers(20, 60, 80)
    return cox(frame, days="days", event="cause", covariates=["age"])


RESULTS: dict[str, Callable[[], Any]] = {
    "comparison by every method": lambda: compared(compared_groups()),
    "weighted difference": lambda: weighted_difference(compared_groups(), target="treated"),
    "difference by models": lambda: doubly_robust_difference(compared_groups()),
    "balance": a_balance,
    "overlap": lambda: overlap(compared_groups()),
    "E-value": lambda: e_value_of(compared(compared_groups()).ratio),
    "flow of two groups": lambda: GroupFlow(
        steps=(GroupStep(step="group_members", treated=80, control=90),)
    ),
    "series": a_series,
    "changes": lambda: changes_between(
        a_series(), first="2016-12", last="2017-12", area="A", reference="B"
    ),
    "broken line": lambda: interrupted_series(a_series(), area="A", first_after=START),
    "broken line of a difference": lambda: interrupted_series(
        a_series(), area="A", reference="B", first_after=START
    ),
    "synthetic control": lambda: synthetic_control(
        a_series(), area="A", pool=OTHERS, first_after=START
    ),
    "event study": lambda: areas_event_study(
        a_series(), treated=["A"], others=OTHERS, first_after=START
    ),
    "lead": a_lead,
    "extremes": lambda: follow_up_bounds(events=40, followed_up=80, n=97, ratios=[0.5]),
    "tipping point": lambda: tipping_point(events=40, followed_up=80, n=97, goal=0.5),
    "adjusted verdict": lambda: adjusted_verdict(
        Expected(chances=np.full(60, 0.4), reference=0.5), events=20, goal=0.5
    ),
    "sites": lambda: compare_sites(some_sites(), dimension="municipality"),
    "funnel": lambda: share_funnel(some_sites()),
    "not estimable": lambda: NotEstimable(measure="share", reason="no_persons", n=0),
    "estimate": lambda: proportion(events=163, n=267),
    "curve": lambda: kaplan_meier(events()),
    "incidence": lambda: cumulative_incidence(events()),
    "counts over time": lambda: events(),
    "test": lambda: log_rank(events()),
    "counts": lambda: CountTable(
        counts=pd.DataFrame(
            {"sex": ["woman", "man"], "n": [12, 14], "is_margin": False, "is_withheld": False}
        ),
        dimensions=("sex",),
    ),
    "regression": lambda: a_model(),
    "verdict": lambda: target_verdict(events=163, n=267, goal=0.6),
    "before and after": lambda: before_after_counts(before=(42, 128), after=(62, 130)),
    "possible counts": lambda: feasible_counts(percentage=61, decimals=0, largest_n=60),
    "possible difference": lambda: feasible_difference(
        feasible_counts(percentage=32.8, decimals=1, largest_n=58),
        feasible_counts(percentage=47.7, decimals=1, largest_n=44),
    ),
    "states": methods.curves,
    "share on a day": lambda: methods.bounded(40, 50, 60),
    "days": lambda: DaysRange(horizon=180, low=125.5, high=142.1, n=60),
    "sustained": lambda: SustainedWork(
        day=90,
        kind="contacts",
        sustained=45,
        undecided=5,
        ended=10,
        low=0.75,
        high=5 / 6,
        outer_low=0.63,
        outer_high=0.9,
    ),
    "same persons": lambda: same_persons(
        both=12, before_only=3, after_only=40, neither=90, unknown_after=(4, 31)
    ),
    "areas by lot": lambda: randomised_areas(
        [4.1, 5.5, *np.linspace(-1.2, 1.0, 10)], [1, 1] + [0] * 10
    ),
    "years before": lambda: YearsBefore(
        answer="alike",
        p_value=0.4,
        smallest_p=1 / 66,
        widest=2.0,
        margin=3.0,
        n_treated=2,
        n_others=10,
    ),
    "bad year": lambda: found_for(panel(1), 6, int(np.argmin(panel(1)[5]))),
    "gaps": lambda: equity_gaps(
        [((40, 90), (60, 100)), ((22, 50), (20, 48))], names=["A", "B"], missing=(4, 1)
    ),
    "groups over time": lambda: made(exits(2, 80), figure="share"),
    "kronor": lambda: kronor_by_actor(
        n=10,
        days=(50, 40, 60),
        horizon_days=365,
        followed_days=365,
        flows=methods.FLOWS,
        costs={"municipality": 100_000},
        is_made_up=True,
        worked_anyway=StatedRange(low=0.3, high=0.6, source="SCB 2023"),
    ),
    "break even": lambda: BreakEven(actor="state", needed=0.25, low=0.16, high=0.54),
    "claim": lambda: ClaimVerdict(verdict="holds", rule="share", facts={"share_own": 0.61}),
    "finding": lambda: Finding(
        severity="warning", check="hidden_rows", file="deltagare.xlsx", rows=(64,), count=1
    ),
    "step": lambda: FlowStep(step="rows_read", count=272),
    "coefficient": lambda: a_model().coefficients[0],
    "between": lambda: Between(measure="median_days", low=90, high=180, unit="days", n=80),
    "withheld": lambda: Withheld(measure="share", reason="small_count"),
}


@pytest.fixture(autouse=True)
def no_study_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A study that an earlier test opened would give results its own language."""
    monkeypatch.setattr(shape, "_words", [])


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance()
    show_in_notebooks()
    yield made
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_itself_in_words_marked_internal(name: str, language: Language) -> None:
    data = in_words(RESULTS[name](), words_in(language))._repr_mimebundle_()
    assert data[MIME_TYPE]["is_internal"]
    assert "<p" in data["text/html"] or "<table" in data["text/html"]
    assert f'lang="{language}"' in data["text/html"]
    assert {"sv": "intern", "en": "internal"}[language] in data["text/html"].casefold()
    assert len(data["text/plain"]) > 10


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_a_frame_with_numbers_in_its_cells(name: str) -> None:
    frame = RESULTS[name]().to_frame()
    assert len(frame)
    assert all(isinstance(column, str) for column in frame)
    held = {type(value) for column in frame for value in frame[column]}
    assert not {one for one in held if is_dataclass(one) or one in (tuple, list, dict)}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_a_picture_that_says_that_it_is_internal(name: str, tmp_path: Path) -> None:
    result = RESULTS[name]()
    figure = result.figure(width=120, language="en")
    assert round(figure.get_figwidth() * 25.4) == 120
    assert figure.get_suptitle() == "Internal – not reviewed"
    saved = result.save(tmp_path / "result.svg")
    assert saved.name == "result-internt-ej-granskat.svg"
    svg = saved.read_text(encoding="utf-8")
    assert "<desc" in svg
    assert "Internt – ej granskat" in svg


def test_every_result_of_the_toolkit_is_among_the_samples() -> None:
    assert set(SHOWN) == {type(make()) for make in RESULTS.values()} - {*PARTS}


def test_no_field_of_a_result_hides_what_every_result_can_do() -> None:
    names = {"to_frame", "figure", "save"}
    for room in ROOMS:
        for one in vars(import_module(f"evalkit.results.{room}")).values():
            if isinstance(one, type) and is_dataclass(one):
                assert issubclass(one, Shape), one
                assert not names & {field.name for field in fields(one)}, one


@pytest.mark.parametrize("ending", ["png", "xlsx", "docx"])
@pytest.mark.parametrize("name", ["estimate", "incidence", "test", "kronor"])
def test_a_file_holds_its_mark_and_its_alternative_text(
    name: str, ending: str, tmp_path: Path
) -> None:
    saved = RESULTS[name]().save(tmp_path / f"result.{ending}", language="en")
    assert saved.name == f"result-internal-not-reviewed.{ending}"
    if ending == "png":
        assert b"Description" in saved.read_bytes()
        return
    with zipfile.ZipFile(saved) as archive:
        parts = {one: archive.read(one).decode("utf-8", "ignore") for one in archive.namelist()}
    whole = "".join(text for part, text in parts.items() if part.endswith(".xml"))
    assert "Internal – not reviewed" in whole
    assert 'descr="Internal – not reviewed. ' in whole


def test_the_numbers_of_a_sheet_are_numbers(tmp_path: Path) -> None:
    saved = proportion(events=163, n=267).save(tmp_path / "share.xlsx")
    book = openpyxl.load_workbook(saved)
    assert all("Internt" in name for name in book.sheetnames)
    assert all("Internt – ej granskat" in sheet["A1"].value for sheet in book)
    numbers = [cell.value for row in book.worksheets[0] for cell in row]
    assert 0.61 in numbers  # as it is printed; the second sheet holds it whole
    assert 163 / 267 in [cell.value for cell in book.worksheets[1][3]]
    assert {"value", "low", "high", "n"} <= {cell.value for cell in book.worksheets[1][2]}


def test_what_is_released_carries_no_mark(tmp_path: Path) -> None:
    released = Released(proportion(events=163, n=267), 0, "standard")
    assert released.save(tmp_path / "share.png").name == "share.png"
    assert released.figure().get_suptitle() == ""
    assert released.to_frame()["value"].item() == 163 / 267


def test_the_frame_of_a_part_holds_its_name_and_what_is_beside_it() -> None:
    frame = RESULTS["verdict"]().to_frame()
    assert frame[["n", "goal", "grade"]].values.tolist() == [[267, 0.6, "above_uncertain"]]
    both = RESULTS["before and after"]().to_frame()
    assert both["part"].tolist() == ["before", "after", "difference"]
    assert both["n"].tolist() == [128, 130, 258]


def test_a_list_of_results_shows_as_one_table(shell: InteractiveShell) -> None:
    assert shell.display_formatter is not None
    listed = [proportion(events=k, n=60, group=name) for name, k in (("woman", 20), ("man", 30))]
    for shown in (listed, tuple(listed), Rows(listed)):
        data, _ = shell.display_formatter.format(shown)
        assert data["text/html"].count("<table") == 1
        assert "Kvinnor" in data["text/html"]
    assert Rows(listed).to_frame()["group"].tolist() == ["woman", "man"]
    plain, _ = shell.display_formatter.format([1, 2])
    assert list(plain) == ["text/plain"]


def test_a_chart_speaks_the_language_of_what_it_came_from() -> None:
    table = in_words(events(), words_in("en"))
    drawn = kaplan_meier(table)._repr_mimebundle_()["text/html"]
    assert "Women" in drawn
    assert "woman" not in drawn
    swedish = exploring.mime_bundle(kaplan_meier(table), "sv")["text/html"]
    assert "Kvinnor" in swedish


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda one, folder: one.save(folder / "a.pdf"), r"must end in one of \.svg, \.png"),
        (lambda one, folder: one.save(folder / "no" / "a.png"), "no folder"),
        (lambda one, _: one.figure(language="de"), "language must be one of sv, en"),
        (lambda one, _: one.figure(width=1000), "60 to 420 millimetres, found 1000"),
    ],
)
def test_what_cannot_be_drawn_or_saved_is_refused_in_words(
    call: Any, told: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=told):
        call(proportion(events=163, n=267), tmp_path)


def section(*pictures: str, is_internal: bool = True) -> Section:
    words = words_in("sv")
    made = internal(kaplan_meier(events()))
    drawn = (curve_figure(made, words, figure_id=name, caption=f"Tid {name}") for name in pictures)
    return Section((Paragraph("Om tiden."), *drawn), is_internal=is_internal)


@pytest.mark.parametrize("is_internal", [True, False])
def test_a_section_of_one_picture_is_saved_as_it(is_internal: bool, tmp_path: Path) -> None:
    saved = section("a", is_internal=is_internal).save(tmp_path / "a.svg")
    root = ET.parse(saved).getroot()
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}desc")]
    assert (texts[0] == "Internt – ej granskat") == is_internal
    assert saved.stem == ("a-internt-ej-granskat" if is_internal else "a")
    with Image.open(section("a", is_internal=is_internal).save(tmp_path / "a.png")) as picture:
        picture.load()
        seen = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or ()}
    assert ((0x9B, 0x1C, 0x1C) in seen) == is_internal


def test_a_section_of_several_pictures_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"where it is one picture, as \.svg or \.png"):
        section("a", "b").save(tmp_path / "a.svg")


def test_a_series_and_a_model_are_charts_and_no_pictures_of_tables() -> None:
    words = words_in("sv")
    for result, told in ((a_series(), "Linjediagram"), (a_model(), "age")):
        drawn = chart(internal(result), words)
        assert drawn is not None
        assert "<path" in drawn.svg
        assert told in drawn.alt


def test_a_width_below_thirty_is_read_as_inches() -> None:
    assert proportion(events=1, n=2).figure(width=6).get_figwidth() == pytest.approx(6)


def test_the_text_of_a_result_is_short() -> None:
    assert repr(proportion(events=163, n=267)).startswith(
        "Estimate(measure='share', value=0.6105, low=0.5508, high=0.667, unit='share'"
    )
    assert "DataFrame>" in repr(kaplan_meier(events()))


def test_a_regression_shows_its_ratios() -> None:
    shown = exploring.mime_bundle(a_model(), "en")["text/html"]
    assert "age" in shown
    assert "Ratio" in shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sex=woman", "Kön: kvinnor"),
        ("C(sex)[T.woman]", "Kön: kvinnor"),
        ("age_at_entry", "Ålder vid start"),
        ("Intercept", "Konstant"),
        ("education=middle:sex=woman", "education=middle:sex=woman"),
        ("own_score", "own_score"),
    ],
)
def test_a_models_terms_are_said_in_the_language_of_the_study(name: str, said: str) -> None:
    model = a_model()
    row = replace(model.coefficients[0], name=name)
    shown = exploring.mime_bundle(replace(model, coefficients=(row,)), "sv")["text/plain"]
    assert f"\n{said}  " in shown
