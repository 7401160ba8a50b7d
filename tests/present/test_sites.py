"""Forest, funnel, tables and sentences of sites: no order by value, no name without need."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from evalkit.language import LANGUAGES
from evalkit.present.charts import forest_figure, funnel_figure
from evalkit.present.charts.point_names import NamedPoint, name_points
from evalkit.present.labels import Words, in_name_order, words_in
from evalkit.present.sentences import sites_sentences
from evalkit.results import EstimateRow, SiteComparison, Withheld
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.sites.comparison import compare_sites
from tests.present.results_of import released

FOUR = {"Simrishamn": (45, 80), "Sjöbo": (38, 60), "Tomelilla": (30, 57), "Ystad": (50, 70)}
HIDDEN = Withheld(measure="share", reason="small_count", group="Skurup")


@pytest.fixture
def swedish() -> Words:
    return words_in("sv")


def rows(counts: dict[str, tuple[int, int]]) -> list[EstimateRow]:
    return [proportion(events=k, n=n, group=name) for name, (k, n) in counts.items()]


def compared(counts: dict[str, tuple[int, int]], *, hidden: bool = False) -> SiteComparison:
    sites = [*rows(counts), *([HIDDEN] if hidden else [])]
    return compare_sites(sites, dimension="municipality")


def labels_of(found: SiteComparison) -> list[str]:
    return [row.group for row in found.sites]


def said(found: SiteComparison, words: Words) -> str:
    sentences = sites_sentences(
        released(found), words, labels=labels_of(found), outcome="gått till arbete"
    )
    return " ".join(sentences).replace("\u00a0", " ")


def test_differences_within_chance_are_called_that_and_not_likeness(swedish: Words) -> None:
    text = said(compared(FOUR), swedish)
    # metafor: 0.6097 (0.4707-0.7330), Q p = 0.1277, prediction 0.3762-0.8019.
    assert "I genomsnitt" not in text  # the project's own share says the same
    assert "inte större än slumpen kan ge (p = 0,13)" in text
    assert "betyder inte att de är lika" in text
    assert "en andel på 37,6–80,2 % (95 % prediktionsintervall)" in text


def test_differences_beyond_chance_say_how_much_of_them_is_not_chance(swedish: Words) -> None:
    text = said(compared({**FOUR, "Kristianstad": (12, 90)}), swedish)
    assert "större än slumpen ensam ger (p < 0,001)" in text
    assert re.search(r"Omkring \d\d % av den variation som syns är något annat än slump", text)
    assert "Kristianstad" in text
    assert "Av ren slump är det i snitt 0,3 av 5" in text


def test_without_spread_nothing_is_said_of_a_further_site(swedish: Words) -> None:
    alike = dict.fromkeys(FOUR, (30, 60))
    assert "prediktionsintervall" not in said(compared(alike), swedish)


def test_all_inside_widened_limits_are_not_said_to_be_what_chance_gives(swedish: Words) -> None:
    found = compared(FOUR)
    funnel = replace(found.funnel, allowance="additive")
    text = said(replace(found, funnel=funnel), swedish)
    assert "Alla ligger innanför 95 %-gränserna när de är vidgade" in text
    assert "innanför 95 %-gränserna för vad slumpen ger" not in text


def test_withheld_sites_are_counted_out_aloud_and_keep_their_row(swedish: Words) -> None:
    found = compared(FOUR, hidden=True)
    assert "En visas inte och ingår inte i beräkningen." in said(found, swedish)
    figure = forest_figure(
        released(found), swedish, figure_id="f", caption="Andel", labels=labels_of(found)
    )
    assert "Skurup: skyddad." in figure.alt
    last = next(row for row in figure.data.rows if row[0].text == "Skurup")
    assert {cell.text for cell in last[1:]} == {"skyddad"}
    assert all(cell.value is None for cell in last)


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_chart_and_text_keep_the_order_given(language) -> None:
    found, words = compared(FOUR), words_in(language)
    figure = forest_figure(
        released(found), words, figure_id="f", caption="Andel", labels=labels_of(found)
    )
    assert [row[0].text for row in figure.data.rows[:4]] == list(FOUR)
    places = [figure.alt.index(name) for name in FOUR]
    assert places == sorted(places)


def test_sites_stand_in_the_order_of_the_alphabet_and_not_of_their_figures() -> None:
    assert list(in_name_order([("Ängelholm", "a"), ("Åstorp", "b"), ("Bjuv", "c")])) == [
        "Bjuv",
        "Åstorp",
        "Ängelholm",
    ]


def test_the_funnel_tells_limits_at_each_sites_own_size(swedish: Words) -> None:
    found = compared(FOUR).funnel
    figure = funnel_figure(
        released(found),
        swedish,
        figure_id="g",
        caption="Tratt",
        labels=list(FOUR),
        dimension="municipality",
    )
    ystad = [cell.text.replace("\u00a0", " ") for cell in figure.data.rows[3]]
    assert ystad[:3] == ["Ystad", "70", "71,4 %"]
    # R: lim(163/267, 70, p) with qbinom, pbinom and dbinom as in the tests of the limits.
    assert ystad[3:] == ["48,8 %", "71,6 %", "41,9 %", "77,8 %", "inom gränserna"]
    assert figure.alt.endswith("Alla ligger innanför 95\u00a0%-gränserna.")


def test_only_sites_outside_carry_their_name_where_there_are_many(swedish: Words) -> None:
    many = {f"Ort {i:02}": (30 + i % 3, 60) for i in range(20)} | {
        "Utby": (3, 60),
        "Sjöby": (5, 60),
    }
    figure = funnel_figure(
        released(compared(many).funnel),
        swedish,
        figure_id="g",
        caption="Tratt",
        labels=list(many),
        dimension="municipality",
    )
    assert "Utby" in figure.alt
    assert "Ort 07" not in figure.alt


def test_a_name_stands_on_the_side_where_no_other_point_is() -> None:
    axes = Figure(figsize=(6.3, 3.6)).add_subplot()
    axes.set_xlim(0, 400)
    axes.set_ylim(0.1, 0.4)
    right, left = (
        NamedPoint("Lantbruk", 150, 0.29, "black"),
        NamedPoint("Restaurang", 200, 0.288, "b"),
    )
    name_points(
        axes,
        [right, left],
        among=[(150, 0.29), (200, 0.288)],
        line=0.2,
        size_mm=(120.0, 69.0),
    )
    assert [name.get_ha() for name in axes.texts] == ["right", "left"]


def test_no_name_crosses_the_middle_line() -> None:
    axes = Figure(figsize=(6.3, 3.6)).add_subplot()
    axes.set_xlim(0, 400)
    axes.set_ylim(0.1, 0.4)
    points = [NamedPoint("Över", 100, 0.201, "black"), NamedPoint("Under", 300, 0.199, "black")]
    among = [(point.x, point.y) for point in points]
    name_points(axes, points, among=among, line=0.2, size_mm=(120.0, 69.0))
    above, below = (name.xyann[1] for name in axes.texts)
    assert above > 0 > below
