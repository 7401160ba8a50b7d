"""Regression: hazards, times, shares and their covariates, equal to R or worded as not estimable."""
