"""Peak memory of the package's own analysis, beyond the columns it was given."""

from __future__ import annotations

import gc
import tracemalloc

from benchmarks.contenders import Contender
from benchmarks.data import Spells


def peak_bytes(contender: Contender, spells: Spells) -> int:
    """Most bytes held at once while the task runs; NumPy reports its arrays to the tracer."""
    gc.collect()
    tracemalloc.start()
    try:
        contender.run(spells)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
