"""Both catalogues are complete, well set, and never say what a result comes from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from evalkit.language import LANGUAGES, Language, MissingText, Texts, placeholders
from evalkit.project.model import Project
from evalkit.project.vocabulary import Chapter, ExitClass, Warning_
from evalkit.results import CurveMeasure, Grade, Severity
from evalkit.statistics.time_to_event.curve_steps import IntervalScale
from evalkit.statistics.time_to_event.logrank import Weighting

HARD = "\u00a0"
SOURCE = Path(__file__).resolve().parent.parent / "evalkit"
# Words that claim a cause. "Orsak" and "reason" as names of a register's column are not among
# them; "varför" and "why" only ever stand in "does not say why".
CAUSAL: dict[Language, tuple[str, ...]] = {
    "sv": (
        r"effekt(?!iv)",
        r"led(?:de|er|a|tt)? till",
        r"på grund av",
        r"tack vare",
        r"beror på",
        r"berodde på",
        r"orsaka",
        r"påverka",
        r"bidra(?:r|git|drog|ger) till",
        r"resulterade i",
        r"till följd av",
        r"medför",
    ),
    "en": (
        r"effects?\b",
        r"led to",
        r"leads? to",
        r"because",
        r"due to",
        r"thanks to",
        r"caus(?:e|es|ed|ing)\b",
        r"result(?:s|ed) in",
        r"impact",
        r"contribut(?:e|ed|es) to",
        r"owing to",
    ),
}
OFFENSIVE: dict[Language, tuple[str, ...]] = {"sv": (r"överlev",), "en": (r"surviv",)}


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    return Texts(request.param)


def test_both_catalogues_have_the_same_keys() -> None:
    swedish, english = (Texts(language).keys() for language in LANGUAGES)

    assert swedish == english


def test_both_catalogues_have_the_same_placeholders() -> None:
    swedish, english = (Texts(language) for language in LANGUAGES)
    differing = [
        key
        for key in sorted(swedish.keys())
        if placeholders(swedish[key]) != placeholders(english[key])
    ]

    assert differing == []


def test_no_text_is_empty_or_has_stray_spaces(texts: Texts) -> None:
    faulty = [
        key
        for key in sorted(texts.keys())
        if not texts[key].strip(" ") or "  " in texts[key] or texts[key].startswith(" ")
    ]

    assert faulty == []


def test_only_the_shared_beginnings_of_phrases_end_in_a_space(texts: Texts) -> None:
    ends = {key for key in sorted(texts.keys()) if texts[key].endswith((" ", HARD))}

    assert ends - {"number.thousands_separator"} == {
        "phrase.done.shared",
        "phrase.being.shared",
    }


def test_hard_spaces_hold_numbers_and_signs_together(texts: Texts) -> None:
    """DOMAIN §6: a hard space before % and inside numbers, never one that can break."""
    loose = re.compile(r"\d %|\} %|\d \d{3}\b|\bn = \{|\bp [=<>] \{")
    broken = [key for key in sorted(texts.keys()) if loose.search(texts[key])]

    assert sorted(broken) == []


def test_no_text_claims_a_cause(texts: Texts) -> None:
    found = _matches(texts, CAUSAL[texts.language])

    assert found == []


def test_no_text_speaks_of_survival(texts: Texts) -> None:
    assert _matches(texts, OFFENSIVE[texts.language]) == []


def test_a_missing_text_is_an_error_and_never_the_other_language(texts: Texts) -> None:
    with pytest.raises(MissingText, match=r"no text 'sentence\.absent'"):
        texts["sentence.absent"]


@pytest.mark.parametrize("name", get_args(Warning_))
def test_every_warning_of_a_project_file_is_explained(texts: Texts, name: str) -> None:
    assert texts[f"warning.{name}.title"]
    assert texts[f"warning.{name}.text"].endswith(".")


# DOMAIN §5, "Traps worth an automatic warning", in its order.
TRAPS = (
    "rate_without_n",
    "share_of_exits",
    "interim_share",
    "mean_of_completers",
    "immortal_time",
    "one_status_date",
    "work_and_study_pooled",
    "subsidised_as_unsubsidised",
    "municipal_jobs_counted",
    "before_after_without_reference",
    "part_year",
    "definition_break",
    "regression_to_the_mean",
    "creaming",
    "many_comparisons",
    "overlapping_intervals",
    "unknown_follow_up",
    "percent_or_points",
    "target_set_after",
    "same_person_twice",
    "lock_in",
    "gross_cost",
)


def test_every_trap_is_explained(texts: Texts) -> None:
    missing = [trap for trap in TRAPS if f"warning.{trap}.text" not in texts]

    assert missing == []


@pytest.mark.parametrize(
    ("family", "levels"),
    [
        ("label.exit_class", get_args(ExitClass)),
        ("label.cause", get_args(ExitClass)),
        ("done", (*get_args(ExitClass), "any", "other")),
        ("label.grade", get_args(Grade)),
        ("label.severity", get_args(Severity)),
        ("document.chapter", get_args(Chapter)),
        ("label.sex", ("woman", "man", "non_binary", "unknown")),
        ("label.profile", ("standard", "strict", "internal")),
        ("label.unit", ("rows", "persons", "spells")),
        (
            "withheld",
            (
                "protected",
                "small_count",
                "complement",
                "small_group",
                "uniform_group",
                "few_on_one_side",
                "extreme",
                "too_few_for_model",
            ),
        ),
        ("label.programme", get_args(Project.model_fields["programme"].annotation)),
        ("measure", get_args(CurveMeasure)),
        ("test", get_args(Weighting)),
        ("method", get_args(IntervalScale)),
    ],
)
def test_every_level_of_the_shapes_has_a_text(
    texts: Texts, family: str, levels: tuple[str, ...]
) -> None:
    missing = [level for level in levels if f"{family}.{level}" not in texts]

    assert missing == []


# Names of methods within libraries and of tests, which no reader meets as an interval's.
SOLVERS = frozenset({"highs", "bounded", "normal", "wilsoncc", "z_pooled"})


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        (r'CannotBeComputed\(\s*"([a-z_]+)"', "cannot"),
        (r'NotEstimable\([^)]*reason="([a-z_]+)"', "cannot"),
        (r'Withheld\([^)]*reason="([a-z_]+)"', "withheld"),
        (r'reason: str = "([a-z_]+)"', "withheld"),
        (r'\bmethod(?:: str)? ?= ?"([a-z_-]+)"', "method"),
        (r'\bmeasure="([a-z_]+)"', "measure"),
        (r'\bcheck="([a-z_]+)"', "finding"),
        (r'FlowStep\([^)]*step="([a-z_]+)"', "flow"),
        (r'warnings\(study, \["([a-z_]+)"', "warning"),
    ],
)
def test_every_key_written_in_the_code_has_a_text(texts: Texts, pattern: str, prefix: str) -> None:
    used = {
        key
        for file in SOURCE.rglob("*.py")
        for key in re.findall(pattern, file.read_text(encoding="utf-8"))
    }
    ending = ".text" if prefix == "warning" else ""
    missing = sorted(key for key in used - SOLVERS if f"{prefix}.{key}{ending}" not in texts)

    assert missing == []


def test_every_literal_key_looked_up_in_the_code_exists(texts: Texts) -> None:
    pattern = re.compile(r'(?:texts\[|texts\.format\(|\bsay\()\s*"([a-z0-9_]+[.][a-z0-9_.]+)"')
    used = {
        key
        for file in SOURCE.rglob("*.py")
        for key in pattern.findall(file.read_text(encoding="utf-8"))
    }

    assert sorted(key for key in used if key not in texts) == []


def test_every_dimension_that_the_code_names_has_a_heading(texts: Texts) -> None:
    """Else a table's heading is the code's own English word, in Swedish too."""
    tuples = re.compile(r'(?:dimensions=\(|CountTable\.of\(.*?, )((?:"\w+",? ?)+)\)')
    named = {
        name
        for file in SOURCE.rglob("*.py")
        for found in tuples.findall(file.read_text(encoding="utf-8"))
        for name in re.findall(r"\w+", found)
    }

    assert "situation" in named
    assert sorted(name for name in named if f"dimension.{name}" not in texts) == []


def test_a_key_defined_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from evalkit import language

    folder = tmp_path / "evalkit" / "locale" / "sv"
    folder.mkdir(parents=True)
    for name in ("a.yaml", "b.yaml"):
        (folder / name).write_text('label.twice: "x"\n', encoding="utf-8")
    monkeypatch.setattr(language.resources, "files", lambda package: tmp_path / package)

    with pytest.raises(ValueError, match=r"'label\.twice' is defined twice"):
        language._load.__wrapped__("sv")


def _matches(texts: Texts, patterns: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (key, found.group(0))
        for key in sorted(texts.keys())
        for pattern in patterns
        if (found := re.search(pattern, texts[key], flags=re.IGNORECASE))
    ]
