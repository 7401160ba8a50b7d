"""Charts: the same bytes every time, readable by everyone, silent on what is withheld."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.language import LANGUAGES, Language
from evalkit.present import charts
from evalkit.present.blocks import Figure
from evalkit.present.charts.axes import nice_ticks
from evalkit.present.charts.canvas import (
    _TICKS,
    COLOURS,
    INK,
    LINE_STYLES,
    QUIET_INK,
    WIDTH_MM,
    _style,
)
from evalkit.present.charts.direct_labels import spread
from evalkit.present.labels import Words, words_in
from evalkit.results import (
    AreaSeries,
    BeforeAfter,
    Estimate,
    FeasibleCounts,
    FeasibleDifference,
    Released,
    TargetVerdict,
    Withheld,
)
from tests.present.results_of import (
    ARENA,
    GROUPS,
    STEPS,
    counts,
    curve,
    released,
    series,
    share,
)

H = "\u00a0"
WITHHELD = Withheld(measure="share", reason="small_count", group="man")
VERDICT = TargetVerdict(
    estimate=ARENA, goal=0.6, grade="above_uncertain", p_above=0.39, smallest_clear_count=176
)
DIFFERENCE = Estimate(
    measure="difference",
    value=0.1496,
    low=-0.04,
    high=0.328,
    unit="share_difference",
    method="newcombe",
    confidence_level=0.95,
    n=102,
    cells=(),
)
COMPARED = BeforeAfter(
    before=share(19, 58, 0.221, 0.456), after=share(21, 44, 0.338, 0.621), difference=DIFFERENCE
)
CAUSES = curve(
    {("", "employment"): STEPS, ("", "studies"): STEPS[:2]}, measure="cumulative_incidence"
)
SIX = curve({(f"Målgrupp med ett långt namn {i}", ""): STEPS for i in "åäöabc"})


def curve_of(words: Words) -> Figure:
    return charts.curve_figure(released(CAUSES), words, figure_id="curve", caption="Vägar ut")


def intervals_of(words: Words) -> Figure:
    return charts.interval_figure(
        released(GROUPS), words, figure_id="shares", caption="Andelar", dimension="sex", goal=0.6
    )


def verdicts_of(words: Words) -> Figure:
    pairs = [("Alla", released(VERDICT)), ("Unga", released(WITHHELD))]
    return charts.verdicts_figure(pairs, words, figure_id="targets", caption="Mål")


def series_of(words: Words) -> Figure:
    return charts.series_figure(
        released(series()),
        words,
        figure_id="series",
        caption="Arbetslöshet",
        area="Eskilstuna",
        reference="Riket",
        unit="Procent",
        goal=10.0,
        period=("2017", "2018"),
    )


def counts_of(words: Words) -> Figure:
    table = counts([("employment", 120, False), ("studies", None, False)], "exit_class")
    return charts.counts_figure(released(table), words, figure_id="counts", caption="Avslut")


CHARTS: list[Callable[[Words], Figure]] = [
    curve_of,
    intervals_of,
    verdicts_of,
    series_of,
    counts_of,
]


@pytest.mark.parametrize("chart", CHARTS)
def test_no_place_in_a_chart_has_more_digits_than_a_reader_sees(
    chart: Callable[[Words], Figure],
) -> None:
    svg = chart(words_in("sv")).svg
    places = re.findall(r'\b(?:d|x|y)="([^"]*)"|translate\(([^)]*)\)', svg)
    assert len(places) > 20
    assert not [one for pair in places for one in pair if re.search(r"\.\d{3,}", one)]


@pytest.mark.parametrize("chart", CHARTS)
def test_the_same_numbers_give_the_same_bytes(chart: Callable[[Words], Figure]) -> None:
    assert chart(words_in("sv")).svg == chart(words_in("sv")).svg


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_an_image_with_title_and_description(
    chart: Callable[[Words], Figure], language: Language
) -> None:
    figure = chart(words_in(language))

    root = ET.fromstring(figure.svg)
    texts = {child.tag.rpartition("}")[2]: child.text for child in root}
    assert root.get("role") == "img"
    assert (texts["title"], texts["desc"]) == (figure.caption, figure.alt)
    assert figure.svg.startswith("<svg")
    assert "matplotlib" not in figure.svg.lower()
    assert figure.data.rows


@pytest.mark.parametrize("chart", CHARTS)
def test_ids_belong_to_their_chart_and_occur_once(chart: Callable[[Words], Figure]) -> None:
    figure = chart(words_in("sv"))

    ids = [element.get("id") for element in ET.fromstring(figure.svg).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(str(name).startswith(f"{figure.id}-") for name in ids)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_fits_a_printed_page(chart: Callable[[Words], Figure]) -> None:
    """170 mm, the type area of A4 with 20 mm margins, is 481.9 points."""
    width = ET.fromstring(chart(words_in("sv")).svg).get("width")

    assert str(width) == "481.889764pt"
    assert WIDTH_MM == 170


def test_the_alternative_text_tells_the_numbers() -> None:
    assert curve_of(words_in("sv")).alt == (
        "Linjediagram. Andel som avslutat insatsen efter antal månader från start. "
        f"Arbete: 10,0{H}% efter 3{H}månader, 10,0{H}% efter 6{H}månader, "
        f"28,0{H}% efter 12{H}månader och 35,2{H}% efter 12,2{H}månader. "
        f"Studier: 10,0{H}% efter 3{H}månader, 10,0{H}% efter 6{H}månader, "
        f"28,0{H}% efter 12{H}månader och 28,0{H}% efter 12,2{H}månader. "
        "Kvar i insatsen, alla: 100 personer vid start och 40 i slutet av linjen."
    )


def test_the_alternative_text_of_intervals_names_goal_and_what_is_withheld() -> None:
    assert intervals_of(words_in("en")).alt == (
        "Dot chart with 95% confidence intervals. Share. "
        "Women: 61.0%, interval 55.1–66.7%, target 60%. "
        "Men: withheld. Non-binary: no figure."
    )


def test_the_alternative_text_of_a_series_tells_its_course() -> None:
    assert series_of(words_in("en")).alt == (
        "Line chart, Procent. The series is invented to show what the presentation looks like. "
        "Eskilstuna fell from 14.0 (2016) to 12.1 (2018), lowest 12.1 and highest 14.0. "
        "The whole country fell from 7.9 (2016) to 7.0 (2018), lowest 7.0 and highest 7.9."
    )


def test_a_chart_with_everything_withheld_holds_no_number() -> None:
    figure = charts.interval_figure(
        released((WITHHELD,)), words_in("en"), figure_id="x", caption="Shares", dimension="sex"
    )

    assert figure.alt == "Dot chart with confidence intervals. Share. Men: withheld."
    assert all(cell.value is None for row in figure.data.rows for cell in row)


@pytest.mark.parametrize(
    "steps",
    [
        {("", ""): [(30.0, 100.0, 0.0, 0.0, 0.0, 0.0)]},
        {("", ""): []},
        {("woman", "employment"): STEPS, ("woman", "studies"): STEPS, ("man", "employment"): STEPS},
    ],
    ids=["nobody has left", "no steps", "groups and causes"],
)
def test_odd_curves_are_drawn_too(steps: dict[tuple[str, str], list[tuple[float, ...]]]) -> None:
    figure = charts.curve_figure(
        released(curve(steps)), words_in("sv"), figure_id="x", caption="x", dimension="sex"
    )

    assert figure.svg.startswith("<svg")


def test_six_lines_are_labelled_and_their_intervals_left_to_the_table() -> None:
    words = words_in("sv")

    figure = charts.curve_figure(released(SIX), words, figure_id="x", caption="x")

    assert words.texts["note.intervals_in_table"] in figure.notes
    assert all(cell.value is not None for cell in figure.data.rows[1][-2:])


def test_causes_may_be_chosen() -> None:
    figure = charts.curve_figure(
        released(CAUSES), words_in("en"), figure_id="x", caption="x", causes=["studies"]
    )

    assert {row[0].text for row in figure.data.rows} == {"Study"}


def test_exact_figures_are_marked() -> None:
    words = words_in("sv")
    exact = Released(CAUSES, 0, "internal", is_internal=True)

    figure = charts.curve_figure(exact, words, figure_id="x", caption="x")

    assert words.texts["note.internal"] in figure.notes


def test_a_published_difference_is_drawn_for_some_numbers() -> None:
    import pandas as pd

    pairs = pd.DataFrame(
        {
            "k_before": range(19, 39),
            "n_before": range(58, 78),
            "k_after": range(21, 41),
            "n_after": range(44, 64),
            "value": 0.149,
            "low": -0.04,
            "high": 0.328,
        }
    )
    counted = FeasibleCounts(value=0.328, decimals=1, counts=((19, 58),), largest_n_searched=58)
    claim = FeasibleDifference(
        before=counted, after=counted, pairs=pairs, method="newcombe", confidence_level=0.95
    )

    figure = charts.feasible_difference_figure(
        released(claim), words_in("en"), figure_id="x", caption="x"
    )

    assert figure.alt.count("after: 14.9") == 8


@pytest.mark.parametrize("colour", [*COLOURS, INK, QUIET_INK])
def test_colours_may_carry_text_on_white(colour: str) -> None:
    """WCAG 2.1 success criterion 1.4.3: at least 4.5 to 1, by its formula."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (luminance + 0.05) >= 4.5


def test_line_styles_repeat_what_the_colours_say() -> None:
    assert len({str(style) for style in LINE_STYLES}) == len(COLOURS)


@given(
    st.lists(st.tuples(st.floats(0, 500), st.floats(5, 40)), min_size=1, max_size=8),
)
def test_spread_labels_do_not_overlap_and_keep_their_order(
    boxes: list[tuple[float, float]],
) -> None:
    centres, heights = [c for c, _ in boxes], [h for _, h in boxes]

    moved = spread(centres, heights)

    order = sorted(range(len(centres)), key=lambda i: centres[i])
    for below, above in pairwise(order):
        gap = moved[above] - moved[below] - (heights[above] + heights[below]) / 2
        assert gap >= -1e-6


@given(low=st.floats(-1, 0), span=st.floats(0.01, 100))
def test_ticks_cover_the_range_in_at_most_eight_round_steps(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)

    assert ticks[0] <= low + 1e-4
    assert ticks[-1] >= low + span - 1e-4 * max(1, span)
    assert 2 <= len(ticks) <= 8


def months_of(**values: dict[str, float]) -> AreaSeries:
    rows = [
        {"area": area, "period": period, "value": value}
        for area, points in values.items()
        for period, value in points.items()
    ]
    return AreaSeries(
        observations=pd.DataFrame(rows), unit="%", source="Påhittad källa", is_synthetic=False
    )


def monthly_figure(shown: AreaSeries, words: Words) -> Figure:
    return charts.series_figure(
        released(shown), words, figure_id="months", caption="Arbetslöshet", area="Eskilstuna",
        reference="Riket", unit="Procent",
    )  # fmt: skip


def lines_drawn(figure: Figure, colour: str) -> int:
    """Lines of the figure in a colour, each from a place to another."""
    drawn = [
        path.get("d", "")
        for path in ET.fromstring(figure.svg).iter("{http://www.w3.org/2000/svg}path")
        if f"stroke: {colour.lower()}" in path.get("style", "").lower()
    ]
    return sum("L" in d for d in drawn)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "bruten där värde saknas: Eskilstuna (mars 2016)"),
        ("en", "broken where a value is missing: Eskilstuna (March 2016)"),
    ],
)
def test_no_line_is_drawn_over_a_month_without_a_value(language: Language, words: str) -> None:
    country = {f"2016-{month:02}": 7.0 for month in range(1, 7)}
    whole = dict.fromkeys(country, 14.0)
    gap = {period: value for period, value in whole.items() if period != "2016-03"}
    text = words_in(language)
    unbroken = monthly_figure(months_of(Eskilstuna=whole, Riket=country), text)
    broken = monthly_figure(months_of(Eskilstuna=gap, Riket=country), text)
    assert (lines_drawn(unbroken, COLOURS[0]), lines_drawn(broken, COLOURS[0])) == (1, 2)
    assert not unbroken.notes
    assert words in broken.notes[0].replace("\u00a0", " ")


def test_a_month_that_no_area_has_takes_its_room_and_breaks_every_line() -> None:
    country = {f"2016-{month:02}": 7.0 for month in (1, 2, 5, 6)}
    figure = monthly_figure(months_of(Eskilstuna=country, Riket=country), words_in("sv"))
    assert lines_drawn(figure, COLOURS[0]) == 2
    assert "Eskilstuna (mars 2016 och 1 till) och Riket (mars 2016 och 1 till)" in (
        figure.notes[0].replace("\u00a0", " ")
    )


def test_values_at_the_ends_of_lines_are_of_one_day() -> None:
    """REPORT, F2: end labels of different times say the opposite of the table."""
    from evalkit.present.charts.curves import _common_day
    from evalkit.present.curve_lines import Line

    def line(days: list[float], *, has_points: bool) -> Line:
        numbers = np.asarray(days)
        return Line(
            group="", cause="", start=0.0, follow_up=days[-1], days=numbers, at_risk=numbers,
            value=numbers / 1000, low=numbers / 1000, high=numbers / 1000, has_points=has_points,
        )  # fmt: skip

    longer, shorter = [90.0, 180.0, 365.0, 500.0], [90.0, 180.0, 300.0]
    points = [line(one, has_points=True) for one in (longer, shorter)]
    assert _common_day(points) == 180
    steps = [line(one, has_points=False) for one in (longer, shorter)]
    assert _common_day(steps) == 300
    assert _common_day([line(longer, has_points=False)]) == 365
    assert _common_day([line([90.0], has_points=True), line([120.0], has_points=True)]) is None


def test_exits_and_those_still_there_make_a_whole() -> None:
    from evalkit.present.charts.stacked import _with_rest

    assert _with_rest([0.25, 0.5]) == [0.25, 0.5, 0.25]


def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    from evalkit.present.charts.axes import axis_name

    swedish = words_in("sv")
    assert axis_name("procent", [0.0, 2.0], swedish) == "Procent"
    assert axis_name("procent", [4.5, 5.0], swedish) == (
        "Procent (axeln börjar vid 4,5, inte vid noll)"
    )


def test_the_axes_are_those_of_seaborn() -> None:
    import seaborn as sns

    theirs = sns.axes_style("ticks")
    ours = {"image.cmap", "font.sans-serif"}  # of what is not drawn here
    assert {**_TICKS, **_style()}.keys() >= theirs.keys() - ours
    assert {key: theirs[key] for key in _TICKS} == _TICKS
