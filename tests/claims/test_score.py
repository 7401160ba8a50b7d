"""The claim reader against annotated texts: the bars that the annotators set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.reading.reader import read_claims
from tests.claims.support import HERE, SETS, gold_texts, score_of

NEVER_FALSE = {"impossible", "contradiction", "target_within_interval", "small_n"}


def test_the_given_texts_are_read_above_every_bar() -> None:
    score = score_of(SETS["texts"])
    assert score.recall >= 0.93
    assert score.precision >= 0.95
    assert score.kinds >= 0.92
    assert score.trap_f1 >= 0.80
    assert score.trap_precision >= 0.92
    assert score.missing_precision >= 0.92
    assert score.accused.total() <= 3
    assert not NEVER_FALSE & set(score.accused)


def test_the_score_told_in_the_documentation_is_the_scorers_own(tmp_path: Path) -> None:
    for name, _, text in gold_texts(SETS["texts"]):
        found = json.dumps(read_claims(text).to_dict())
        (tmp_path / f"{name}.json").write_text(found, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, str(HERE / "score.py"), str(SETS["texts"]), str(tmp_path)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    page = (HERE.parent.parent / "docs" / "en" / "claims.md").read_text(encoding="utf-8")
    assert told.strip().splitlines()[-1].strip() in page


def test_what_can_be_computed_is_what_trying_every_count_gives() -> None:
    """``verdict_possible`` of the annotation came from trying every k of every n."""
    for name, gold, text in gold_texts(SETS["texts"]):
        _compare_what_is_computed(name, gold, text)


def _compare_what_is_computed(
    name: str, gold: dict[str, list[dict[str, object]]], text: str
) -> None:
    read = {tuple(c["span"]): c for c in read_claims(text).to_dict()["claims"]}
    for claim in gold["claims"]:
        wanted, found = claim["verdict_possible"], read.get(tuple(claim["span"]))  # type: ignore[arg-type]
        if not isinstance(wanted, dict) or "counts" not in wanted or found is None:
            continue
        told = found["verdict_possible"]
        if told is None or "counts" not in told or told["counts"] != wanted["counts"]:
            assert told is None or "counts" not in told, (name, claim["quote"])
            continue
        for key in ("interval_range", "share_range", "grades"):
            if key in wanted and key in told:
                assert told[key] == wanted[key], (name, claim["quote"], key)


@pytest.mark.parametrize("name", ["others", "fresh"])
def test_texts_written_afterwards_are_read_nearly_as_well(name: str) -> None:
    """Other wordings, annotated by the same guide; errors they showed have been mended since."""
    score = score_of(SETS[name])
    assert score.recall >= 0.97
    assert score.precision >= 0.97
    assert score.kinds >= 0.97
    assert score.trap_f1 >= 0.95
    assert score.missing_precision >= 0.96
    assert score.accused.total() == 0
