"""Equal fingerprints mean that the same would be made; anything else that goes in changes them."""

from __future__ import annotations

from pathlib import Path

import pytest

import evalkit
from evalkit.documents.files import fingerprints
from evalkit.documents.files.fingerprints import (
    chapter_fingerprint,
    code_fingerprint,
    report_fingerprint,
)
from evalkit.documents.files.provenance import InputFile

INPUTS = (InputFile("project.yaml", "a1"), InputFile("register.csv", "b2"))
CHAPTER = {"inputs": INPUTS, "template": "c3", "chapter": "costs"}
REPORT = {"chapters": ("d4", "e5"), "formats": ("html", "pdf"), "facts": {"id": "a"}}


@pytest.mark.parametrize(
    "changed",
    [
        {"inputs": INPUTS[:1]},
        {"inputs": (INPUTS[0], InputFile("register.csv", "b3"))},
        {"inputs": (INPUTS[0], InputFile("other.csv", "b2"))},
        {"template": "c4"},
        {"chapter": "sites"},
    ],
)
def test_whatever_goes_into_a_chapter_changes_its_fingerprint(changed: dict[str, object]) -> None:
    first = chapter_fingerprint(**CHAPTER)  # type: ignore[arg-type]
    assert chapter_fingerprint(**CHAPTER) == first  # type: ignore[arg-type]
    assert chapter_fingerprint(**{**CHAPTER, **changed}) != first  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"chapters": ("e5", "d4")},
        {"chapters": ("d4",)},
        {"formats": ("html",)},
        {"facts": {"id": "b"}},
    ],
)
def test_chapters_their_order_and_the_formats_make_a_report(changed: dict[str, object]) -> None:
    first = report_fingerprint(**REPORT)  # type: ignore[arg-type]
    assert report_fingerprint(**{**REPORT, **changed}) != first  # type: ignore[arg-type]


def test_the_order_in_which_formats_are_named_makes_no_other_report() -> None:
    first = report_fingerprint(**REPORT)  # type: ignore[arg-type]
    assert report_fingerprint(**{**REPORT, "formats": ("pdf", "html")}) == first  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("analysis/shares.py", True),
        ("locale/sv/labels.yaml", True),
        ("__pycache__/shares.pyc", False),
        ("analysis/__pycache__/shares.pyc", False),
        ("_bundled/notebooks/costs.ipynb", False),  # templates count with their own chapter
    ],
)
def test_code_and_texts_count_and_what_python_leaves_does_not(
    tmp_path, monkeypatch: pytest.MonkeyPatch, file: str, counts: bool
) -> None:
    monkeypatch.setattr(fingerprints, "_PACKAGE", tmp_path)

    def fingerprint(content: str) -> str:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(content, encoding="utf-8")
        return code_fingerprint.__wrapped__()

    assert (fingerprint("before") != fingerprint("after")) is counts


def test_the_code_is_the_whole_package() -> None:
    assert Path(evalkit.__file__).parent == fingerprints._PACKAGE


def test_another_version_of_a_package_is_other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    first = code_fingerprint.__wrapped__()
    monkeypatch.setattr(fingerprints, "package_versions", lambda: {"numpy": "0.1"})
    assert code_fingerprint.__wrapped__() != first


def test_other_code_makes_every_chapter_and_report_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = chapter_fingerprint(**CHAPTER), report_fingerprint(**REPORT)  # type: ignore[arg-type]
    monkeypatch.setattr(fingerprints, "code_fingerprint", lambda: "other")
    after = chapter_fingerprint(**CHAPTER), report_fingerprint(**REPORT)  # type: ignore[arg-type]
    assert before[0] != after[0]
    assert before[1] != after[1]
