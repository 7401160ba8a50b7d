"""The five sample projects: seeded generators calibrated to published figures.

Every person is made up. What is published, and met exactly, stands in the README of
each project folder.
"""

from evalkit.samples.write import SAMPLES, write_samples

__all__ = ["SAMPLES", "write_samples"]
