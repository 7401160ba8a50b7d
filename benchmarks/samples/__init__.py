"""The five sample projects: seeded generators calibrated to published figures; and any
number of made-up projects, calibrated to a known spread between them.

Every person is made up. What is published, and met exactly, stands in the README of
each project folder.
"""

from benchmarks.samples.many import write_many
from benchmarks.samples.write import SAMPLES, write_samples

__all__ = ["SAMPLES", "write_many", "write_samples"]
