"""A reader of a whole report who writes down every number as an equation and solves for the few.

The reader knows what each figure is of, and that persons cannot be fewer than none. The unknowns
are how many persons there are of each kind: every person of the register, and whoever differs
from one of them in some columns, since a reader does not know who is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from evalkit import chapters as sections
from evalkit.answers import measures
from evalkit.answers.followed_persons import OUTCOME, indicator_follow_up, target_follow_up
from evalkit.answers.study import Study, open_study
from evalkit.chapters.not_followed_up import longer_term_work
from evalkit.present.blocks import Cell, Figure, Table
from evalkit.statistics.indicators.counts import is_complete, is_told
from evalkit.statistics.indicators.other_funders import SITUATIONS
from evalkit.statistics.indicators.outcomes import AFTER, after_leaving_division, stage_of
from evalkit.statistics.indicators.rules import holds
from evalkit.statistics.indicators.windows import mapped
from tests.disclosure.small_groups import write_small_project


@dataclass
class Knowledge:
    """What the report tells: kinds of persons counted, and between which numbers they are."""

    masks: list[np.ndarray] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    cells: dict[str, np.ndarray] = field(default_factory=dict)
    lacking: list[np.ndarray] = field(default_factory=list)

    def add(self, name: str, mask: np.ndarray, value: float | None, spread: float = 0.0) -> None:
        """A number of persons, or one that is withheld."""
        self.cells[name] = mask
        if value is not None:
            self.masks.append(mask)
            self.lows.append(value - spread)
            self.highs.append(value + spread)
            self.names.append(name)


def kinds_of_persons(register: pd.DataFrame, rng: np.random.Generator, copies: int) -> pd.DataFrame:
    """The register, and beside each person some who differ from him or her in a few columns."""
    parts = [register]
    for number in range(copies):
        other = register.copy()
        for column in register.columns.drop("Deltagar-ID"):
            if column in ("Startdatum", "Slutdatum"):
                continue
            change = rng.random(len(register)) < (0.12 if number % 2 else 0.3)
            drawn = register[column].sample(frac=1, random_state=int(rng.integers(1 << 30)))
            other.loc[change, column] = drawn.to_numpy()[change]
        day = rng.permutation(len(register))
        change = rng.random(len(register)) < 0.3
        for column in ("Startdatum", "Slutdatum", "Avslutsorsak", "status_90d", "status_6m"):
            other.loc[change, column] = register[column].to_numpy()[day][change]
        still_here = (other["Slutdatum"] == "") | (other["Avslutsorsak"] == "")
        for column in ("Slutdatum", "Avslutsorsak", "status_90d", "status_6m"):
            other.loc[still_here, column] = ""
        parts.append(other)
    kinds = pd.concat(parts, ignore_index=True)
    kinds["Deltagar-ID"] = [f"K-{i:05d}" for i in range(len(kinds))]
    return kinds


class Reader:
    """Reads the report of a study with the definitions of its figures at hand."""

    def __init__(self, study: Study, kinds: Study) -> None:
        self.study, self.kinds = study, kinds
        self.known = Knowledge()
        self.persons = kinds.persons
        self.labels, self.texts = study.words.labels, study.words.texts

    def read(self) -> Knowledge:
        for chapter in self.study.project.chapters:
            module = getattr(sections, chapter)
            for section in vars(module).values():
                if hasattr(section, "__wrapped__") and section.__module__ == module.__name__:
                    for block in section(self.study).blocks:
                        table = block.data if isinstance(block, Figure) else block
                        if isinstance(table, Table):
                            self._table(table)
        return self.known

    def _table(self, table: Table) -> None:
        """Reads a table of a kind it knows; curves come from rounded counts."""
        name = table.id.removesuffix("-data")
        readers = {
            "participants-": self._levels,
            "status": lambda table, _: self._levels(table, "exit_class"),
            "outcomes": lambda table, _: self._outcomes(table),
            "targets": lambda table, _: self._targets(table),
            "difference-": self._cohorts,
            "sites-": self._sites,
            "forest-": self._sites,
            "follow-up-": self._follow_up,
            "completeness": lambda table, _: self._missing(table),
            "esf-": self._indicators,
            "shares-by-": self._rounded,
        }
        for start, read in readers.items():
            if name.startswith(start):
                read(table, name.removeprefix(start))

    def _targets(self, table: Table) -> None:
        for target, row in zip(self.kinds.project.targets, table.rows, strict=True):
            persons = measures.target_persons(self.kinds, target)
            self._share(
                f"target {target.id}", persons, target.status_column, target.outcome,
                n=row[2].value, k=row[3].value,
            )  # fmt: skip

    def _count(self, name: str, mask: np.ndarray, value: float | None, parts: int = 1) -> None:
        """A count of a table, or a sum of some, which the profile may round; none is exact."""
        spread = (self.study.rule.round_counts_to - 1) / 2 * parts if value or parts > 1 else 0.0
        self.known.add(name, mask, value, spread)

    def _mask(self, persons: pd.DataFrame) -> np.ndarray:
        return np.asarray(self.persons.index.isin(persons.index))

    def _levels(self, table: Table, column: str) -> None:
        values = self.persons[column].replace("unknown", "").to_numpy(dtype=object)
        levels = {self.labels.level(column, level): level for level in set(values) - {""}}
        levels[self.texts["label.missing"]] = ""
        for row in table.rows:
            label = row[0].text
            if label == self.texts["label.total"]:
                self._count("everybody", np.ones(len(values), dtype=bool), row[1].value)
            elif label in levels:
                self._count(f"{column}={levels[label]}", values == levels[label], row[1].value)

    def _share(
        self,
        name: str,
        persons: pd.DataFrame,
        column: str | None,
        outcome: tuple[str, ...],
        *,
        n: float | None,
        k: float | None,
    ) -> None:
        status = self.persons[column or "exit_class"]
        known = measures.is_known(status).to_numpy(dtype=bool) if column else True
        chosen = self._mask(persons) & known
        reached = chosen & status.isin(outcome).to_numpy(dtype=bool)
        self.known.lacking.append(self._mask(persons) & ~chosen)
        self.known.add(f"{name}: n", chosen, n)
        self.known.add(f"{name}: reached", reached, k)
        self.known.add(f"{name}: not", chosen & ~reached, None if n is None or k is None else n - k)

    def _outcomes(self, table: Table) -> None:
        positive = self.kinds.project.outcomes.positive
        kinds = [positive, *((one,) for one in positive)]
        rows = iter(table.rows)
        for names in kinds:
            for denominator in ("participants", "exits"):
                row = next(rows)
                persons = measures.of_whom(self.kinds, {}, denominator)
                self._share(
                    f"{denominator} {names}", persons, None, names, n=row[1].value, k=row[2].value
                )

    def _cohorts(self, table: Table, spec_id: str) -> None:
        (spec,) = [one for one in self.kinds.project.before_after if one.id == spec_id]
        for cohort, row in zip((spec.before, spec.after), table.rows, strict=False):
            persons = measures.cohort_persons(self.kinds, cohort.microdata)
            self._share(
                f"{spec_id} {row[0].text}",
                persons,
                spec.status_column,
                spec.outcome,
                n=row[1].value,
                k=row[2].value,
            )

    def _sites(self, table: Table, spec_id: str) -> None:
        (spec,) = [one for one in self.kinds.project.sites if one.id == spec_id]
        levels = {self.labels.level(spec.by, one): one for one in self.kinds.levels(spec.by)}
        persons = measures.of_whom(self.kinds, spec.where, spec.denominator)
        for row in table.rows:
            level = levels.get(row[0].text)
            own = persons if level is None else persons[persons[spec.by] == level]
            if level is None and row[0].text != self.texts["sites.everyone"]:
                continue
            n, k = row[1].value, None
            if n is not None:
                k = row[2].value if row[2].kind == "count" else round(n * row[2].value)
            self._share(f"site {spec_id} {level}", own, spec.status_column, spec.outcome, n=n, k=k)

    def _follow_up(self, table: Table, name: str) -> None:
        is_response, name = name.endswith("-response"), name.removesuffix("-response")
        found = None
        for target in self.kinds.project.targets:
            if target.id == name:
                found = target_follow_up(self.kinds, target)
        if found is None:
            figures = self._records()
            found = indicator_follow_up(figures.records, longer_term_work(figures))
        due = self._mask(found.persons)
        followed = self._mask(found.persons[found.persons[OUTCOME].notna()])
        if not is_response:
            self.known.add(f"{name} followed", followed, table.rows[0][1].value)
            if len(table.rows) > 1:
                self.known.add(f"{name} due", due, table.rows[1][1].value)
            return
        levels = {
            self.labels.level(by, level): (by, level)
            for by in self.kinds.groupings
            for level in self.kinds.levels(by)
        }
        for row in table.rows[1:]:
            by, level = levels[row[0].text]
            own = due & (self.persons[by] == level).to_numpy(dtype=bool)
            n = row[1].value
            k = None if n is None else round(n * row[2].value)
            self.known.add(f"{name} due {level}", own, n)
            self.known.add(f"{name} followed {level}", own & followed, k)
            missing = None if n is None or k is None else n - k
            self.known.add(f"{name} missing {level}", own & ~followed, missing)

    def _missing(self, table: Table) -> None:
        columns = {self.labels.dimension(c): c for c in self.persons.columns}
        for row in table.rows:
            column = columns[row[0].text]
            can = measures._who_can_have(column, self.persons)
            lacks = can[measures._is_missing(can[column])]
            self.known.add(f"lacks {column}", self._mask(lacks), row[1].value)
            n = None
            if row[1].value:
                n = round(row[1].value / row[2].value)
            self.known.add(f"can have {column}", self._mask(can), n)

    def _rounded(self, table: Table, column: str) -> None:
        base = self.study.rule.midpoint_base
        levels = {self.labels.level(column, one): one for one in self.kinds.levels(column)}
        for row in table.rows:
            own = (self.persons[column] == levels[row[0].text]).to_numpy(dtype=bool)
            n = row[1].value
            if n is not None:
                self.known.add(f"{column}~{row[0].text}", own, n + 0.5, (base - 1) / 2)

    def _records(self):
        (figures,) = self.kinds.indicators
        return figures

    def _indicators(self, table: Table, name: str) -> None:
        if name in ("records", "outputs", "after-leaving"):
            groups = self._coded(name)
            for row in table.rows:
                mask = groups.get(row[0].text)
                if mask is not None:
                    self._by_sex(row[0].text, mask, row[-4:])
        elif name in ("immediate", "longer-term"):
            self._results(table)
        elif name == "side-by-side":
            self._side_by_side(table)
        elif name == "situation":
            self._situations(table)

    def _by_sex(self, name: str, mask: np.ndarray, cells: Sequence[Cell]) -> None:
        sex = self.persons["sex"].replace("unknown", "").to_numpy(dtype=object)
        for one, cell in zip(("woman", "man", "non_binary"), cells, strict=False):
            if cell.value is not None or cell.text != self.texts["cannot.marker"]:
                self._count(f"{name}, {one}", mask & (sex == one), cell.value)
        self._count(f"{name}, all", mask, cells[-1].value)

    def _coded(self, name: str) -> dict[str, np.ndarray]:
        figures = self._records()
        records, codes = figures.records, figures.codes
        complete = is_complete(records)
        everyone = np.ones(len(records), dtype=bool)
        groups = {
            self.labels.level("record", "complete"): complete,
            self.labels.level("record", "incomplete"): ~complete,
            self.texts["label.total"]: everyone,
        }
        if name == "outputs":
            groups = {}
            for one in codes.of_kind("output"):
                if is_told(one, records):
                    mask = np.asarray(holds(one.rule, records), dtype=bool)
                    if one.within:
                        mask &= np.asarray(holds(codes.indicator(one.within).rule, records))
                    groups[one.code] = mask if one.counts_incomplete else mask & complete
        if name == "after-leaving":
            levels = after_leaving_division(records).levels
            for level in AFTER:
                label = self.labels.level("after_leaving", level.removeprefix("after:"))
                groups[label] = levels == level
        return groups

    def _results(self, table: Table) -> None:
        figures = self._records()
        complete = is_complete(figures.records)
        sex = self.persons["sex"].replace("unknown", "").to_numpy(dtype=object)
        sexes = {self.labels.level("sex", one): one for one in ("woman", "man", "non_binary")}
        for row in table.rows:
            indicator = figures.codes.indicator(row[0].text)
            if all(cell.text == self.texts["cannot.marker"] for cell in row[2:]):
                continue
            risk = np.asarray(holds(indicator.at_risk, figures.records)) & complete
            if row[1].text in sexes:
                risk = risk & (sex == sexes[row[1].text])
            stage = stage_of(figures.records, indicator)
            groups = (
                np.ones(len(stage), dtype=bool),
                stage != "still_enrolled",
                stage == "not_yet_observable",
                stage == "no_information",
                np.isin(stage, ["reached", "not_reached"]),
                stage == "reached",
            )
            names = ("started", "finished", "not yet", "unknown", "observed", "reached")
            stages = (5, 6, 1, 1, 2, 1)
            for one, mask, cell, parts in zip(names, groups, row[2:8], stages, strict=True):
                self._count(f"{row[0].text} {row[1].text} {one}", risk & mask, cell.value, parts)

    def _side_by_side(self, table: Table) -> None:
        figures = self._records()
        complete = is_complete(figures.records)
        for row in table.rows:
            code = row[0].text.split(":")[0]
            if not code.startswith(("EECR", "CR")):
                continue
            indicator = figures.codes.indicator(code)
            stage = stage_of(figures.records, indicator)
            risk = np.asarray(holds(indicator.at_risk, figures.records)) & complete
            observed = risk & np.isin(stage, ["reached", "not_reached"])
            reached = observed & (stage == "reached")
            self.known.add(f"beside {code} n", observed, row[1].value)
            self.known.add(f"beside {code} k", reached, row[2].value)

    def _situations(self, table: Table) -> None:
        records = self._records().records
        left = (self.persons["exit_class"] != "ongoing").to_numpy(dtype=bool)
        group = {status: name for name, own in SITUATIONS.items() for status in own}
        before, after = (
            mapped(records[column], group, otherwise="").astype(object)
            for column in ("status", "status_upon_leaving")
        )
        for row in table.rows:
            for moment, levels, cell in (("before", before, row[1]), ("after", after, row[2])):
                for level in set(levels[left]):
                    label = self.labels.level("situation", level) if level else ""
                    if label == row[0].text or (
                        not level and row[0].text == self.texts["label.missing"]
                    ):
                        self._count(
                            f"situation {moment} {level}", left & (levels == level), cell.value
                        )


def small_cells_pinned(known: Knowledge, own: np.ndarray, threshold: int) -> list[str]:
    """Cells, and differences of told groups, of which a reader knows more than that they are few.

    That a number is below the threshold is what a mark in its place says; how many could not be
    followed up is not protected.
    """
    masks = np.array(known.masks)
    truth = masks[:, own].sum(axis=1)
    read = zip(known.names, known.lows, truth, known.highs, strict=True)
    wrong = [name for name, low, true, high in read if not low <= true <= high]
    assert not wrong, f"the reader takes these for something else: {wrong}"
    cells = dict(known.cells)
    inside = (masks[:, None, :] & ~masks[None, :, :]).any(axis=2)
    for whole in range(len(masks)):
        for part in range(len(masks)):
            if whole != part and not inside[part, whole]:
                rest = masks[whole] & ~masks[part]
                cells[f"{known.names[whole]} less {known.names[part]}"] = rest
    few = {
        mask.tobytes(): (name, mask)
        for name, mask in cells.items()
        if 0 < mask[own].sum() < threshold
        if all((mask & ~lacking).any() for lacking in known.lacking)
    }
    return [
        f"{name}: {low:g} to {high:g}"
        for name, low, high in bounds_of(known, list(few.values()))
        if high < threshold - 1e-6 and high - low < threshold - 2 - 1e-6
    ]


def bounds_of(
    known: Knowledge, cells: list[tuple[str, np.ndarray]]
) -> Iterator[tuple[str, float, float]]:
    """The fewest and most persons that each cell can hold."""
    everything = np.array([*known.masks, *(mask for _, mask in cells)], dtype=float)
    kinds = np.unique(everything, axis=1)
    told = sparse.csr_array(kinds[: len(known.masks)])
    lows, highs = np.array(known.lows), np.array(known.highs)
    for row, (name, _) in zip(kinds[len(known.masks) :], cells, strict=True):
        ends = []
        for sign in (1.0, -1.0):
            solved = linprog(
                sign * row,
                A_ub=sparse.vstack([told, -told]), b_ub=np.concatenate([highs, -lows]),
                bounds=(0, None), method="highs",
            )  # fmt: skip
            assert solved.status in (0, 3), solved.message
            ends.append(np.inf if solved.status == 3 else sign * solved.fun)
        yield name, ends[0], ends[1]


def pinned_in(folder: Path, register: pd.DataFrame, *, profile: str, seed: int) -> list[str]:
    """What a reader of the report of a register can tell of a few persons."""
    rng = np.random.default_rng(seed)
    file = write_small_project(folder / "own", register, profile=profile, seed=seed)
    study = open_study(file, language="sv", purpose="release")
    kinds = kinds_of_persons(register, rng, copies=24)
    every = write_small_project(folder / "kinds", kinds, profile=profile, seed=seed)
    both = open_study(every, language="sv", purpose="explore")
    own = (both.persons["row"] <= len(register) + 1).to_numpy()  # the header is row 1
    return small_cells_pinned(Reader(study, both).read(), own, study.rule.threshold)
