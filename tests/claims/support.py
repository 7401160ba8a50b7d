"""The annotated texts and the scorer, for the tests of the claim reader."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from evalkit.reading.reader import read_claims

HERE = Path(__file__).parent
SETS = {name: HERE / name for name in ("texts", "others", "fresh")}
"""Given with the rules; written since by who made them; written by somebody else."""


def scorer() -> ModuleType:
    """`score.py` beside this file, as it was handed over."""
    spec = importlib.util.spec_from_file_location("claims_score", HERE / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def gold_texts(folder: Path) -> list[tuple[str, dict[str, Any], str]]:
    """Name, annotation and text of every annotated text of a folder."""
    found = []
    for file in sorted(folder.glob("*.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        with (folder / gold["text_file"]).open(encoding="utf-8", newline="") as text:
            found.append((file.stem, gold, text.read()))
    return found


@dataclass
class Score:
    counts: Counter[str] = field(default_factory=Counter)
    accused: Counter[str] = field(default_factory=Counter)

    def ratio(self, part: str, whole: str) -> float:
        return self.counts[part] / self.counts[whole] if self.counts[whole] else 1.0

    @property
    def recall(self) -> float:
        return self.ratio("found", "gold")

    @property
    def precision(self) -> float:
        return self.ratio("found", "told")

    @property
    def kinds(self) -> float:
        return self.ratio("kind right", "found")

    @property
    def missing_precision(self) -> float:
        return self.ratio("missing right", "missing told")

    @property
    def trap_precision(self) -> float:
        return self.ratio("traps right", "traps told")

    @property
    def trap_f1(self) -> float:
        precision, recall = self.trap_precision, self.ratio("traps right", "traps gold")
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score_of(folder: Path) -> Score:
    """The reader against the annotation, matched by the scorer's own functions."""
    rules, score = scorer(), Score()
    for _, gold, text in gold_texts(folder):
        tools, golds = read_claims(text).to_dict()["claims"], gold["claims"]
        taken, neutral = rules.match(tools, golds)
        score.counts["gold"] += len(golds)
        score.counts["told"] += len(tools) - len(neutral)
        score.counts["found"] += len(taken)
        for g, claim in enumerate(golds):
            score.counts["traps gold"] += len(claim["traps"])
            if g in taken:
                _add(score, tools[taken[g]], claim)
        for t, tool in enumerate(tools):
            if t not in taken.values() and t not in neutral:
                score.accused.update(tool["traps"])
                score.counts["traps told"] += len(tool["traps"])
    return score


def _add(score: Score, tool: dict[str, Any], gold: dict[str, Any]) -> None:
    asserted, wanted, fair = set(tool["traps"]), set(gold["traps"]), set(gold["traps_also_fair"])
    score.counts["kind right"] += tool["kind"] == gold["kind"]
    score.counts["traps told"] += len(asserted - fair)
    score.counts["traps right"] += len(asserted & wanted)
    score.accused.update(asserted - wanted - fair)
    score.counts["missing told"] += len(tool["missing"])
    score.counts["missing right"] += len(set(tool["missing"]) & set(gold["missing"]))
