"""The chapter on trends: real and synthetic series, a published share, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from evalkit import chapters as sections
from evalkit import cli
from evalkit.answers.study import Study, open_study
from evalkit.documents.files.paths import sample_folder
from evalkit.intake.official.origin import Origin, checksum
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import Figure, Section
from tests.chapters.test_sections import text_of

CHAPTER = sections.trend_against_reference
PROJECT = "eskilstuna-fler-jobb"
ORACLES = Path(__file__).parent.parent / "oracles"


@pytest.fixture(scope="module")
def eskilstuna() -> Study:
    return open_study(sample_folder() / PROJECT, language="sv", purpose="release")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_folder() / PROJECT, tmp_path / PROJECT))


def changed(folder: Path, place: int, **values: object) -> Study:
    """The project with one of its two series changed."""
    file = folder / "project.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["series"][place].update(values)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return open_study(file, language="sv", purpose="release")


def without_line(file: Path, start: str) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) == len(lines) - 1
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def figures(section: Section) -> list[str]:
    return [block.id for block in section.blocks if isinstance(block, Figure)]


def test_eskilstuna_fell_more_than_the_nation_but_not_more_than_cities_do(eskilstuna):
    # Kolada N03937: 5.459399 → 4.728684 against 3.163472 → 3.041128, a difference of −0.608.
    text = text_of(CHAPTER.change(eskilstuna))
    assert "Jämfört med riket sjönk Eskilstuna med 0,61" in text
    assert "6 andra områden" in text
    assert "så stora skillnader är vanliga mellan områden" in text


def test_the_yearly_series_is_too_short_for_a_broken_line(eskilstuna):
    text = text_of(CHAPTER.designs(eskilstuna))
    assert "Perioder före starten: 6, efter: 3. Det krävs minst 8 före" in text


def test_designs_that_hold_are_drawn(eskilstuna):
    assert figures(CHAPTER.designs(eskilstuna)) == [
        "synthetic-kolada-yearly",
        "gaps-kolada-yearly",
        "panel-kolada-yearly",
        "bad-year-kolada-yearly",
        "interrupted-synthetic-monthly",  # made up: one demonstration beside the real series
    ]


def test_one_sentence_is_over_the_three_designs(eskilstuna):
    """−0,61, −0,27 and +0,03 (REPORT, F6): they do not point the same way."""
    text = text_of(CHAPTER.designs(eskilstuna))
    assert "Tre sätt att jämföra ger olika svar för Eskilstuna: −0,61" in text
    assert "−0,27" in text
    assert "0,03" in text


def test_eskilstuna_is_compared_after_2016_with_the_cities_of_like_size(eskilstuna):
    text = text_of(CHAPTER.designs(eskilstuna)).replace("\u00a0", " ")
    # Least squares on 21 others, from six years weighted: its own formula beside gave the same.
    assert "Med 21 områden och 6 år före" in text
    assert "Eskilstuna minskade 0,55 procentenheter: 0,22 procentenheter mer än väntat" in text
    assert "från −0,41 till 0,86" in text
    assert "så något omdöme ges inte" in text


def test_the_lead_of_trelleborg_over_the_nation_shrank():
    project = sample_folder() / "trelleborg-samordnad-etablering"
    study = open_study(project, language="sv", purpose="release")
    text = text_of(CHAPTER.change(study))
    # DOMAIN §1: the nation went from 32 to 44 per cent of those leaving January–September.
    assert "mot 32 % i hela landet" in text
    assert "mot 44 % i hela landet" in text
    assert "Försprånget mot hela landet krympte" in text
    assert "Intervallet rymmer noll" in text


def test_several_areas_with_the_programme_give_an_event_study(copy: Path):
    study = changed(
        copy, 0, treated=["Eskilstuna", "Södertälje"],
        comparison=["Borlänge", "Gävle", "Norrköping", "Trollhättan", "Västerås"],
    )  # fmt: skip
    section = CHAPTER.designs(study)
    # Seven areas cannot carry a test of five years before the start at once.
    assert "panel-kolada-yearly" in figures(section)
    assert "före starten" in text_of(section)


def shares_of_r(copy: Path, **values: object) -> Study:
    """R's case of yearly shares with known numbers, as the series of a project of 2017–2018."""
    table = pd.read_csv(ORACLES / "data/areas_shares1_public.csv", dtype={"year": str})
    table["share"] = 100 * table["events"] / table["n"]
    table.assign(share=table["share"].map("{:.10f}".format)).to_csv(copy / "r.csv", index=False)
    return changed(
        copy, 0, file="r.csv", area_column="area", period_column="year", value_column="share",
        n_column="n", is_percentage=True, breaks=[], area="A25", reference="A01",
        comparison=[f"A{i:02d}" for i in range(1, 34) if i != 25], period=["2013", "2018"],
        bad_year_areas=[], **values,
    )  # fmt: skip


def test_shares_of_known_numbers_are_judged_by_the_chance_in_the_dip(copy: Path):
    # R, case rtm_shares_1: lead −.0629 (−.2912 to .1654), 76 % of the dip chance, plain .1150.
    text = text_of(CHAPTER.designs(shares_of_r(copy, chosen_for="worst_year",
                                               start_chosen_for="worst_year")))  # fmt: skip
    assert (
        "6,3 procentenheter mindre än väntat (95 % konfidensintervall från −16,5 till 29,1" in text
    )
    assert "Omkring 76 % av nedgången året före är slump" in text
    assert "vore skillnaden mot de andra 11,5 procentenheter" in text
    assert "Det går inte att skilja från vanlig återgång." in text


def test_why_shares_were_chosen_decides_whether_they_are_judged(copy: Path):
    text = text_of(CHAPTER.designs(shares_of_r(copy)))
    assert "Varför området och startåret valdes är inte angivet" in text
    assert "vanlig återgång." not in text
    refused = text_of(CHAPTER.designs(changed(copy, 0, chosen_for="result")))
    # Other refusals speak of chance, too; none says how much of the dip it is.
    assert "av nedgången året före är slump" not in refused
    assert "valdes med åren efter i sikte" in refused


def test_three_areas_have_a_second_answer_where_areas_may_vary_differently(copy: Path):
    names = [f"A{i:02d}" for i in range(1, 34)]
    study = shares_of_r(copy)
    study = changed(copy, 0, treated=[*names[:3], "A25"], comparison=names[3:])
    text = text_of(CHAPTER.designs(study))
    assert "områden med och utan insats kan variera olika mycket blir svaret p" in text
    two = changed(copy, 0, treated=["A01", "A25"], comparison=names)
    assert "kan variera olika mycket" not in text_of(CHAPTER.designs(two))


MONTHLY = "syntetisk_arbetsloshet_manad.csv"


def without_reference_month(folder: Path) -> None:
    without_line(folder / MONTHLY, "Riket,2016-05")


def without_own_month(folder: Path) -> None:
    without_line(folder / MONTHLY, "Eskilstuna,2018-02")


def with_month_twice(folder: Path) -> None:
    with (folder / MONTHLY).open("a", encoding="utf-8") as file:
        file.write("Riket,2016-05,9.9\n")


def with_years_among_months(folder: Path) -> None:
    with (folder / MONTHLY).open("a", encoding="utf-8") as file:
        file.write("Riket,2016,7.7\n")


BAD_FILES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a month missing in the reference": (
        without_reference_month,
        "riket saknar värde för 2016-05. En lucka fylls aldrig i.",
        "the whole country has no value for 2016-05. A gap is never filled in.",
    ),
    "a month missing in the area": (
        without_own_month,
        "Eskilstuna saknar värde för 2018-02. En lucka fylls aldrig i.",
        "Eskilstuna has no value for 2018-02. A gap is never filled in.",
    ),
    "a month twice": (
        with_month_twice,
        "riket har två olika värden för 2016-05. Det går inte att veta vilket som gäller.",
        (
            "the whole country has two different values for 2016-05. "
            "Which of them holds cannot be known."
        ),
    ),
    "years among the months": (
        with_years_among_months,
        "serien blandar år och månader, till exempel 2016 och 2018-12.",
        "the series mixes years and months, for example 2016 and 2018-12.",
    ),
}


@pytest.mark.parametrize("bad", BAD_FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_says_in_one_sentence_why_no_line_is_drawn(
    copy: Path, bad: str, language: Language
) -> None:
    spoil, swedish, english = BAD_FILES[bad]
    spoil(copy)
    study = open_study(copy, language=language, purpose="release")
    section = CHAPTER.designs(study)
    assert (swedish if language == "sv" else english) in text_of(section)
    assert "interrupted-synthetic-monthly" not in figures(section)
    # The other series is as it was; years and months on one axis would be no chart.
    assert "synthetic-kolada-yearly" in figures(section)
    drawn = figures(CHAPTER.series(study))
    assert len(drawn) == (1 if bad == "years among the months" else 2)
    assert "NaN" not in text_of(CHAPTER.change(study))


def test_two_values_for_one_month_are_told_under_the_chart(copy: Path) -> None:
    with_month_twice(copy)
    study = open_study(copy, language="sv", purpose="release")
    assert "Riket har två olika värden för maj 2016. Inget av dem visas." in text_of(
        CHAPTER.series(study)
    )
    assert "två olika värden för 2016-05" in text_of(CHAPTER.change(study))


def with_bad_series(folder: Path) -> None:
    """The monthly series four times: a gap, a month lacking in the reference, a start outside
    it, and two areas to compare with."""
    file = folder / "project.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    monthly = {**content["series"].pop(1), "is_synthetic": False}
    for name, line in (("gap", "Eskilstuna,2018-02"), ("reference", "Riket,2016-05")):
        shutil.copy(folder / MONTHLY, folder / f"{name}.csv")
        without_line(folder / f"{name}.csv", line)
        content["series"].append({**monthly, "id": name, "file": f"{name}.csv"})
    content["series"].append({**monthly, "id": "outside", "period": ["2017-01", "2018-12"]})
    content["series"].append({**monthly, "id": "two", "comparison": ["Gävle", "Borlänge"]})
    content["chapters"] = ["trend_against_reference"]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


BAD_SERIES: dict[Language, tuple[str, ...]] = {
    "sv": (
        "Eskilstuna saknar värde för 2018-02. En lucka fylls aldrig i.",
        "riket saknar värde för 2016-05. En lucka fylls aldrig i.",
        "starten 2017-01 har inte värden på båda sidor i serien, som går från 2017-01 till 2018-12",
        "2 områden att jämföra med. Det krävs minst 4",
        "Linjen är bruten där värde saknas: Eskilstuna (februari 2018).",
        "Eskilstuna saknar värde för 2016-12 eller 2018-12.",
    ),
    "en": (
        "Eskilstuna has no value for 2018-02. A gap is never filled in.",
        "the whole country has no value for 2016-05. A gap is never filled in.",
        "the start 2017-01 does not have values on both sides in the series, which runs from",
        "2 areas to compare with. At least 4",
        "The line is broken where a value is missing: Eskilstuna (February 2018).",
        "Eskilstuna has no value for 2016-12 or 2018-12.",
    ),
}


@pytest.mark.slow
def test_a_rendered_report_says_why_a_design_is_missing(copy: Path, tmp_path: Path) -> None:
    with_bad_series(copy)
    ended = CliRunner().invoke(
        cli.app, ["render", str(copy), "--formats", "html", "--output", str(tmp_path / "reports")]
    )
    assert ended.exit_code == 0, ended.output
    for language in LANGUAGES:
        page = tmp_path / "reports" / PROJECT / f"report.{language}.html"
        text = page.read_text(encoding="utf-8").replace("\u00a0", " ")
        for told in BAD_SERIES[language]:  # a sentence is said once
            assert all(one in text for one in told.split(". "))


def test_a_new_definition_is_printed_and_nothing_is_compared_across_it(copy: Path):
    text = {"sv": "åldrarna 16–65 i stället för 16–64", "en": "ages 16–65 instead of 16–64"}
    study = changed(copy, 0, breaks=[{"period": "2017", "text": text}])
    printed = text_of(CHAPTER.series(study))
    assert "Från och med 2017 är måttet ett annat: åldrarna 16–65 i stället för 16–64" in printed
    assert "Ändrad definition" in printed
    compared = text_of(CHAPTER.change(study))
    assert "måttets definition ändrades 2017" in compared
    assert "5,46" not in compared


def test_a_start_outside_the_series_is_told(copy: Path):
    study = changed(copy, 1, period=["2017-01", "2018-12"], is_synthetic=False)
    text = text_of(CHAPTER.designs(study))
    assert "starten 2017-01 har inte värden på båda sidor" in text


def test_one_area_and_two_others_carry_no_design(copy: Path):
    study = changed(copy, 0, comparison=["Gävle", "Borlänge"])
    text = text_of(CHAPTER.designs(study))
    assert "2 områden att väga samman" in text
    assert "2 områden att jämföra med. Det krävs minst 4" in text
    (yearly,) = [b for b in CHAPTER.change(study).blocks if "2 områden att jämföra" in str(b)]
    assert "minst 4" in yearly.text


def test_where_a_fetched_series_came_from_is_printed(copy: Path):
    file = copy / "kolada_n03937_urval.csv"
    beside = file.with_name(f"{file.name}.source.json")
    origin = Origin(
        source="api.kolada.se", query={}, licence="Kolada (RKA)",
        fetched="2026-02-03T04:05:06+00:00", definition="16–64",
        sha256=checksum(file.read_bytes()),
    )  # fmt: skip
    beside.write_text(origin.to_json(), encoding="utf-8")
    text = text_of(CHAPTER.series(open_study(copy, language="sv", purpose="release")))
    assert "Hämtad den 3 februari 2026 från api.kolada.se. Villkor: Kolada (RKA)." in text
    assert "åldrarna 16–64 år" in text
    assert "ändrats efter" not in text
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    text = text_of(CHAPTER.series(open_study(copy, language="sv", purpose="release")))
    assert "Filen har ändrats efter att den hämtades." in text


def test_a_reference_with_its_number_published_is_no_longer_taken_as_known(tmp_path: Path):
    name = "trelleborg-samordnad-etablering"
    folder = Path(shutil.copytree(sample_folder() / name, tmp_path / name))
    known = open_study(folder, language="sv", purpose="release")
    assert "räknas som kända" in str(CHAPTER.change(known).blocks)
    file = folder / "project.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for side in ("before", "after"):
        content["reference_shares"][0][side]["n"] = 2000
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    counted = open_study(folder, language="sv", purpose="release")
    assert "räknas som kända" not in str(CHAPTER.change(counted).blocks)
    assert "MOVER" in str(CHAPTER.change(counted).blocks)


def test_several_areas_show_their_mean_difference_with_its_interval(copy: Path):
    study = changed(
        copy, 0, treated=["Eskilstuna", "Södertälje"],
        comparison=["Borlänge", "Gävle", "Norrköping", "Trollhättan", "Västerås"],
    )  # fmt: skip
    text = text_of(CHAPTER.designs(study))
    assert "De 2 områdena med insatsen ökade" in text
    # Södertälje has the programme: it is no comparison in any design.
    (weights,) = [
        b for b in CHAPTER.designs(study).blocks if getattr(b, "id", "") == "weights-kolada-yearly"
    ]
    assert "Södertälje" not in {row[0].text for row in weights.rows}


def test_two_areas_of_seven_have_their_chart_and_nothing_is_said_of_the_years_before(copy: Path):
    study = changed(
        copy, 1, is_synthetic=False, treated=["Eskilstuna", "Södertälje"],
        comparison=["Borlänge", "Gävle", "Norrköping", "Trollhättan", "Västerås"],
    )  # fmt: skip
    section = CHAPTER.designs(study)
    assert "panel-synthetic-monthly" in figures(section)
    assert "går det inte att säga om områdena utvecklades lika" in text_of(section)


def test_the_nation_is_no_name_inside_a_sentence(eskilstuna):
    assert "Jämfört med riket sjönk Eskilstuna" in text_of(CHAPTER.change(eskilstuna))
    study = open_study(sample_folder() / PROJECT, language="en", purpose="release")
    text = text_of(CHAPTER.change(study)) + text_of(CHAPTER.series(study))
    assert "Compared with the whole country, Eskilstuna fell" in text
    assert "Riket" not in text


def test_a_chart_of_many_months_is_summed_up_for_those_who_listen(copy: Path):
    study = changed(copy, 1, is_synthetic=False)
    blocks = [block for block in CHAPTER.designs(study).blocks if isinstance(block, Figure)]
    alternative = {block.id: block.alt for block in blocks}["panel-synthetic-monthly"]
    assert "47 perioder: lägst −0,57 (november 2018)" in alternative
    assert len(alternative) < 500


def test_what_is_missing_below_the_mean_difference_has_its_name(copy: Path):
    """One period before the start carries the mean difference, not the chart by period."""
    study = changed(copy, 0, period=["2016", "2019"])
    text = text_of(CHAPTER.designs(study))
    assert "Skillnaden i förändring mellan Eskilstuna och genomsnittet" in text
    assert "Period för period: kan inte beräknas: serien är för kort" in text


def test_a_key_figure_of_a_series_is_called_a_change_and_has_its_unit(copy: Path):
    file = copy / "project.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    kept = {key: content[key] for key in ("id", "title", "summary", "period", "data_cut", "series")}
    chosen = {**kept, "chapters": ["trend_against_reference"]}
    file.write_text(yaml.safe_dump(chosen, allow_unicode=True), encoding="utf-8")
    study = changed(copy, 0, is_percentage=False, unit={"sv": "promille", "en": "per mille"})
    (told,) = sections.headlines(study).entries
    assert told.text == "Eskilstuna: förändring −0,73 (promille)"
    assert told.detail == "Riket: förändring −0,12 (promille), 2016–2018"
