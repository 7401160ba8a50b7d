"""Regression: how hazards, times and shares differ with covariates, equal to R.

``cox`` (with ``cox_proportionality``, ``concordance``, ``cox_curve``), ``fine_gray``,
``accelerated_failure_time``, ``logistic``, ``linear`` and ``standardised`` hold what is
asked for; every answer is a `Regression`. A coefficient that the data cannot give is
`NotEstimable` with its reason, and the others still hold.
"""
