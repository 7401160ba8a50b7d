"""A reader who has every published file and a linear programme.

What is printed becomes equations over how many persons there are of each sex, place, exit and
time; every cell that no table prints is then bounded. Shares no code and no assumption with the
package: levels are known by their printed words, rows that are printed hold somebody, counts
are whole, and of a curve everything that its points could tell is taken as known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from tests.attack.reading import WITHHELD, Read, language_of, number

SEXES = {"Kvinnor": "woman", "Women": "woman", "Män": "man", "Men": "man",
         "Icke-binära": "other", "Non-binary": "other"}  # fmt: skip
EXITS = {
    "Arbete": "employment", "Employment": "employment", "Work": "employment",
    "Studier": "studies", "Studies": "studies", "Education": "studies",
    "Tillbaka till den som anvisade": "back", "Back to the referring authority": "back",
    "Sjukdom, rehabilitering eller föräldraledighet": "ill",
    "Flytt, pension eller dödsfall": "moved", "Avbrott": "dropout",
    "Illness, rehabilitation or parental leave": "ill",
    "Moved, retired or deceased": "moved",
    "Dropped out": "dropout",
    "Uppgift saknas": "unknown",
    "Not recorded": "unknown",
    "No information": "unknown",
    "Still enrolled": "ongoing",
    "Pågår": "ongoing", "Ongoing": "ongoing",
}  # fmt: skip
HEADS = {"Kön": "sex", "Sex": "sex", "Kommun": "place", "Municipality": "place",
         "Avslut till": "exit", "Exit to": "exit", "Left to": "exit", "Läge": "exit",
         "Situation": "exit"}  # fmt: skip
TOTALS = frozenset({"Totalt", "Total", "Alla tillsammans", "All together",
                    "Alla deltagare", "All participants"})  # fmt: skip
POOLED = frozenset({"employment", "studies"})
COUNT = frozenset({"Antal", "Number", "Count", "Varav", "Of whom"})
PERSONS = frozenset({"Antal personer", "Number of persons", "Persons", "People"})
OF_ALL = ("av alla deltagare", "of all participants")
OF_LEFT = (
    "av dem som har avslutat",
    "av dem som har avslutats",
    "of those who have left",
    "of those who left",
)
OUTCOMES = {
    "Till arbete eller studier": POOLED, "To work or study": POOLED,
    "To employment or studies": POOLED, "To work or studies": POOLED,
    "Till arbete": {"employment"}, "To work": {"employment"}, "To employment": {"employment"},
    "Till studier": {"studies"}, "To study": {"studies"}, "To studies": {"studies"},
}  # fmt: skip

_K_OF_N = r"(\d+) (?:av|of) (\d+)"
# Of all participants, by the words that follow or go before: how many of how many.
SENTENCES = (
    re.compile(rf"\b{_K_OF_N} deltagare hade gått (till [a-zåäö ]+?) \("),
    re.compile(rf"\bgick {_K_OF_N} deltagare (till [a-zåäö ]+?),"),
    re.compile(rf"\b{_K_OF_N} participants had moved on (to [a-z ]+?) \("),
    re.compile(rf"\b{_K_OF_N} participants went on (to [a-z ]+?),"),
)

Predicate = dict[str, frozenset[str]]  # attribute → the levels that are meant; all where absent


@dataclass
class World:
    """Numbers of persons by sex, place, exit and time of leaving, and what is known of them."""

    levels: dict[str, tuple[str, ...]]
    known: list[tuple[str, Predicate, float, float]] = field(default_factory=list)
    titles: dict[str, tuple[Predicate, Predicate]] = field(default_factory=dict)
    places: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.atoms = [
            dict(zip(self.levels, own, strict=True)) for own in product(*self.levels.values())
        ]

    def mask(self, predicate: Predicate) -> np.ndarray:
        return np.array(
            [all(atom[name] in own for name, own in predicate.items()) for atom in self.atoms]
        )

    def tell(self, where: str, predicate: Predicate, low: float, high: float) -> None:
        self.known.append((where, predicate, low, high))

    def read(self, tables: Iterable[Read], *, edition: str = "") -> None:
        for table in tables:
            self._table(table, edition)

    def read_sentences(self, sentences: Iterable[str]) -> None:
        """How many of how many, in sentences of all participants and of a titled target."""
        for text in sentences:
            for pattern in SENTENCES:
                for k, n, label in pattern.findall(text):
                    outcome = OUTCOMES.get(label[0].upper() + label[1:])
                    if outcome is not None:
                        self._k_of_n(text, {}, {"exit": frozenset(outcome)}, k, n)
            for title, (whom, outcome) in self.titles.items():
                found = re.search(rf"^(?:[^:]*: )?{title}: [^(]*\({_K_OF_N};", text)
                if found:
                    self._k_of_n(text, whom, outcome, *found.groups())

    def _k_of_n(self, where: str, whom: Predicate, outcome: Predicate, k: str, n: str) -> None:
        self.tell(where, whom, int(n), int(n))
        self.tell(where, {**whom, **outcome}, int(k), int(k))

    def _composition(self, table: Read, edition: str) -> None:
        """Who took part: an attribute and its level, then numbers of women, men and everyone."""
        for row in table.rows:
            if len(row) < len(table.columns):
                continue
            attribute, _, level = row[0].partition(": ")
            head = HEADS.get(attribute, attribute)
            everyone = row[0] in TOTALS
            levels = None if everyone else self._levels(head, level)
            if not everyone and levels is None:
                continue
            for name, text in zip(table.columns[1:], row[1:], strict=True):
                whom, _, what = name.rpartition(", ")
                if what.casefold() in ("antal", "number", "count"):
                    own: Predicate = {} if levels is None else {head: levels}
                    if whom in SEXES:
                        own = {**own, "sex": frozenset({SEXES[whom]})}
                    elif whom not in ("Alla", "Everyone"):
                        continue
                    self._number(f"{edition}{table.file}: {row[0]} · {whom}", own, text, table.file)

    def _table(self, table: Read, edition: str) -> None:
        if table.columns[0] in ("Vid start", "At the start"):
            self._composition(table, edition)
            return
        head = HEADS.get(table.columns[0])
        columns = {name: i for i, name in enumerate(table.columns)}
        count = next((i for name, i in columns.items() if name in COUNT), None)
        persons = next((i for name, i in columns.items() if name in PERSONS), None)
        for row in table.rows:
            if len(row) < len(table.columns) or not row[0]:
                continue
            name = re.sub(r"\s+", " ", row[0].replace("\u00a0", " "))
            whom, outcome = self._meaning(head, name, is_share=persons is not None)
            if whom is None:
                continue
            where = f"{edition}{table.file}: {table.columns[0]} · {name}"
            if persons is not None:
                self._number(where, whom, row[persons], table.file)
                if count is not None and outcome is not None:
                    self._number(where, {**whom, **outcome}, row[count], table.file)
            elif count is not None:
                self._number(where, whom, row[count], table.file, exists=name not in TOTALS)

    def _meaning(
        self, head: str | None, name: str, *, is_share: bool
    ) -> tuple[Predicate | None, Predicate | None]:
        """Whom a row is of, and who of them has what it counts."""
        if name in self.titles:
            return self.titles[name]
        if head is None:
            label, _, of = name.rpartition(", ")
            outcome = OUTCOMES.get(label)
            if outcome is None:
                return None, None
            whom: Predicate = {} if of in OF_ALL else {"exit": self._left()}
            return whom, {"exit": frozenset(outcome)}
        own: Predicate = {}
        if name not in TOTALS:
            levels = self._levels(head, name)
            if levels is None:
                return None, None
            own = {head: levels}
        return own, {"exit": POOLED} if is_share else None

    def _levels(self, head: str, name: str) -> frozenset[str] | None:
        if head == "place":
            return self.places.get(name)
        if head not in self.levels:
            return None
        found = (SEXES if head == "sex" else EXITS).get(name)
        return frozenset({found}) if found in self.levels[head] else None

    def _left(self) -> frozenset[str]:
        return frozenset(self.levels["exit"]) - {"ongoing"}

    def _number(
        self, where: str, predicate: Predicate, text: str, file: str, *, exists: bool = False
    ) -> None:
        if text in WITHHELD:
            if exists:
                self.tell(where, predicate, 1, np.inf)
            return
        found = number(text, language_of(file))
        if found is not None:
            self.tell(where, predicate, found, found)


@dataclass
class Bounder:
    """Least and most persons of any group that agree with all that is known."""

    matrix: sparse.csr_array
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, rows: Sequence[np.ndarray], low: Sequence[float], high: Sequence[float]) -> Bounder:
        seen: dict[bytes, tuple[np.ndarray, float, float]] = {}
        for row, least, most in zip(rows, low, high, strict=True):
            key = np.asarray(row, dtype=float).tobytes()
            _, a, b = seen.get(key, (row, -np.inf, np.inf))
            seen[key] = (row, max(a, least), min(b, most))
        wrong = [one for one in seen.values() if one[1] > one[2]]
        assert not wrong, "what is printed contradicts itself"
        matrix = sparse.csr_array(np.array([one[0] for one in seen.values()], dtype=float))
        return cls(
            matrix,
            np.array([one[1] for one in seen.values()]),
            np.array([one[2] for one in seen.values()]),
        )

    def bounds(self, group: np.ndarray, threshold: int) -> tuple[float, float]:
        low = self._end(group, 1.0)
        if low < 0.5:
            return 0.0, self._end(group, -1.0)
        high = self._end(group, -1.0)
        if high < 2 * threshold and not (abs(low - round(low)) < 1e-6 > abs(high - round(high))):
            low, high = self._whole(group, 1.0), self._whole(group, -1.0)
        return low, high

    def _end(self, group: np.ndarray, sign: float) -> float:
        is_equal = self.low == self.high
        upper = np.isfinite(self.high) & ~is_equal
        lower = np.isfinite(self.low) & ~is_equal
        solved = linprog(
            sign * group,
            A_eq=self.matrix[is_equal] if is_equal.any() else None,
            b_eq=self.low[is_equal] if is_equal.any() else None,
            A_ub=sparse.vstack([self.matrix[upper], -self.matrix[lower]])
            if upper.any() or lower.any()
            else None,
            b_ub=np.concatenate([self.high[upper], -self.low[lower]])
            if upper.any() or lower.any()
            else None,
            bounds=(0, None),
            method="highs",
        )
        if solved.status == 3:
            return np.inf
        assert solved.status == 0, solved.message
        return float(sign * solved.fun)

    def _whole(self, group: np.ndarray, sign: float) -> float:
        solved = milp(
            sign * group,
            integrality=np.ones(len(group)),
            bounds=Bounds(0, np.inf),
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            options={"time_limit": 5.0},
        )
        return float(sign * solved.fun) if solved.x is not None else (0 if sign > 0 else np.inf)


def one_edition(world: World) -> Bounder:
    rows = [world.mask(predicate) for _, predicate, _, _ in world.known]
    return Bounder.of(rows, [k[2] for k in world.known], [k[3] for k in world.known])


def groups_of(world: World) -> Iterator[tuple[str, Predicate]]:
    """Every level, and every pair of levels of two attributes."""
    names = [name for name in world.levels if name != "time"]
    single = [(name, level) for name in names for level in world.levels[name]]
    for name, level in single:
        yield f"{level}", {name: frozenset({level})}
    pooled = [("exit", POOLED)]
    for name, level in single:
        if name != "exit":
            for other, levels in [
                *(("exit", frozenset({one})) for one in world.levels["exit"]),
                *pooled,
            ]:
                yield f"{level} × {sorted(levels)}", {name: frozenset({level}), other: levels}
    times = world.levels.get("time", ())
    for level in times:
        if level != "none":
            for sex in world.levels["sex"]:
                yield (
                    f"{sex} × pooled × {level}",
                    {"sex": frozenset({sex}), "exit": POOLED, "time": frozenset({level})},
                )


def leaks(world: World, threshold: int = 5) -> list[str]:
    """Groups that a reader knows to hold 1 to threshold − 1, and what is true of all of a few."""
    bounder = one_edition(world)
    found = []
    for label, predicate in groups_of(world):
        low, high = bounder.bounds(world.mask(predicate).astype(float), threshold)
        if low >= 1 - 1e-6 and high < threshold - 1e-6:
            found.append(f"{label}: {low:g}–{high:g}")
    return found


def statements(world: World) -> list[str]:
    """Levels that nobody, or everybody, of a group of withheld size can have."""
    bounder = one_edition(world)
    found = []
    for name, attribute in (("sex", "exit"), ("place", "exit")):
        for level in world.levels[name]:
            own = world.mask({name: frozenset({level})}).astype(float)
            low, high = bounder._end(own, 1.0), bounder._end(own, -1.0)
            if high - low < 1e-6:
                continue
            for other in world.levels[attribute]:
                of_all = world.mask({attribute: frozenset({other})}).astype(float)
                if bounder._end(of_all, -1.0) < 0.5:
                    continue
                both = own * of_all
                if bounder._end(both, -1.0) < 0.5:
                    found.append(f"nobody of {level}: {other}")
    return found
