"""Whole reports of made-up registers, attacked by a reader who shares nothing with the engine."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from evalkit.disclosure import linked
from evalkit.disclosure.rule import rule_for
from evalkit.results import CountTable, Estimate, Withheld
from evalkit.results.answers import Answer
from tests.disclosure import reports
from tests.disclosure.attacker import attack

HORIZONS = (365, 180, 90)
TWO = ("sex", "place")


def released(persons, *, profile="standard", curves=True, groupings=TWO):
    rule = rule_for(profile, horizons=HORIZONS)
    answers = reports.report(persons, groupings=groupings, curves=curves)
    return linked.release_all(answers, rule), rule


@pytest.mark.parametrize(("seed", "n"), [(1, 24), (2, 40), (3, 67), (4, 110)])
def test_a_reader_of_a_whole_report_learns_of_nobody(seed, n):
    persons = reports.register(seed, n)
    out, rule = released(persons)
    assert attack(persons, out, TWO, rule.threshold) == []


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["standard", "strict", "rounded"])
@pytest.mark.parametrize("seed", range(67))
def test_readers_of_many_reports_learn_of_nobody(seed, profile):
    n = int(np.random.default_rng(seed).integers(12, 268))
    persons = reports.register(1000 + seed, n)
    out, rule = released(persons, profile=profile)
    assert attack(persons, out, TWO, rule.threshold) == []
