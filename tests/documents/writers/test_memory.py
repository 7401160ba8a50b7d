from __future__ import annotations

import datetime as dt
import random
import sys

import psutil
import pytest

from evalkit.documents.writers.memory import give_back_memory
from evalkit.documents.writers.pdf import compile_typst

MB = 1024**2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process as Linux counts it")
def test_what_was_compiled_is_forgotten_and_its_memory_given_back() -> None:
    process = psutil.Process()
    give_back_memory()
    before = process.memory_info().rss
    for seed in range(4):
        letters = random.Random(seed)
        words = ("".join(letters.choices("abcdefghijkl", k=7)) for _ in range(20_000))
        source = '#set document(title: "x")\n' + " ".join(words)
        compile_typst(source, {}, day=dt.date(2020, 1, 1))
    held = process.memory_info().rss
    assert held > before + 60 * MB
    give_back_memory()
    assert process.memory_info().rss < before + (held - before) / 2
