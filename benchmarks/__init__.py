"""Speed and memory of `evalkit.statistics` beside other tools: ``python -m benchmarks``.

Not part of the package. Every contender works with one thread, so that cores do not decide.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
