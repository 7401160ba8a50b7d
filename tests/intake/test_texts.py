"""Every finding and flow step that intake can make has its sentence, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import evalkit.intake
from evalkit.intake.registers import _EXCLUSIONS

ROOM = Path(evalkit.intake.__file__).parent
LOCALE = ROOM.parent / "locale"


def _texts(language: str) -> dict[str, str]:
    return yaml.safe_load((LOCALE / language / "findings.yaml").read_text(encoding="utf-8"))


def _words_in_code() -> set[str]:
    code = "\n".join(file.read_text(encoding="utf-8") for file in ROOM.glob("*.py"))
    words = set(re.findall(r'"([a-z][a-z0-9_]+)"', code))
    return words | {"no_exit_column", "no_exit_reason_column"}  # built from the column's name


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_sentence_is_left_over(language: str) -> None:
    keys = {key.split(".", 1)[1] for key in _texts(language)}
    assert keys <= _words_in_code()


def test_every_check_in_the_code_has_its_sentence() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in ROOM.glob("*.py"))
    severities = r'"(?:error|warning|note)",\s*"([a-z0-9_]+)"'
    checks = set(re.findall(severities, code)) - {"warning", "note"}
    checks |= set(re.findall(r'check="([a-z0-9_]+)"', code))
    assert len(checks) > 40
    assert {f"finding.{check}" for check in checks} <= set(_texts("sv"))


def test_every_exclusion_is_both_a_finding_and_a_step_of_the_flow() -> None:
    needed = {f"{kind}.{step}" for step in _EXCLUSIONS for kind in ("finding", "flow")}
    assert needed <= set(_texts("sv"))


def test_both_languages_have_the_same_keys_and_no_placeholders() -> None:
    swedish, english = _texts("sv"), _texts("en")
    assert set(swedish) == set(english)
    assert not [text for text in (*swedish.values(), *english.values()) if "{" in text]
