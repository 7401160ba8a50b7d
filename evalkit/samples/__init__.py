"""The five sample projects: seeded generators calibrated to published figures."""
