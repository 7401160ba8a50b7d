"""Regression: how hazards, times and shares differ with covariates, equal to R."""
