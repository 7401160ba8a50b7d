"""Results → released results: the one door between analysis and a reader."""

from evalkit.disclosure.curves import UnprotectedCurveError, protect_events
from evalkit.disclosure.release import internal, release
from evalkit.disclosure.rule import Rule, rule_for

__all__ = ["Rule", "UnprotectedCurveError", "internal", "protect_events", "release", "rule_for"]
