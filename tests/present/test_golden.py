"""The sentences word for word. The expected texts were proof-read, not generated to fit.

After a wanted change: ``python -m tests.present.test_golden`` writes the files; read the
difference as a reader of a report would before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.language import LANGUAGES, Language
from tests.present.golden_lines import golden_lines

FOLDER = Path(__file__).resolve().parent.parent / "golden"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_reads_as_proof_read(language: Language) -> None:
    expected = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").split("\n")

    assert golden_lines(language) == expected


if __name__ == "__main__":
    for code in LANGUAGES:
        (FOLDER / f"{code}.txt").write_text("\n".join(golden_lines(code)), encoding="utf-8")
