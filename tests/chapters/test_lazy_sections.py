"""A chapter's kernel loads its own chapter and what that rests on, and no other."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from evalkit import chapters as sections

LOADED = """
import json, sys
from evalkit import chapters as sections
getattr(sections, sys.argv[1])
print(json.dumps([name for name in sys.modules if name.startswith("evalkit.")]))
"""


@pytest.mark.parametrize(
    ("chapter", "absent"),
    [
        ("data_quality", ("statistics.regression", "statistics.trends", "statistics.indicators")),
        ("costs", ("statistics.trends", "chapters.esf_indicators")),
    ],
)
def test_a_chapter_leaves_the_others_unloaded(chapter: str, absent: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, chapter], capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout)
    assert f"evalkit.chapters.{chapter}" in loaded
    assert not [name for name in loaded for part in absent if name.startswith(f"evalkit.{part}")]


def test_every_name_can_be_reached_and_an_unknown_one_is_refused() -> None:
    assert all(getattr(sections, name) is not None for name in sections.__all__)
    assert callable(sections.headlines)
    assert set(sections.__all__) <= set(dir(sections))
    with pytest.raises(AttributeError, match="no attribute 'weather'"):
        _ = sections.weather
