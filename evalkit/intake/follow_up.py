"""A register of dated labour-market events → events of the persons in the participant register.

The persons get the same pseudonyms as in the register they were enrolled in: identity numbers
by the key alone, codes by the scope of that register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from evalkit.intake.background import identities_of
from evalkit.intake.codebook import codebook_for_follow_up
from evalkit.intake.convert import to_dates
from evalkit.intake.date_columns import date_readings
from evalkit.intake.errors import IntakeError
from evalkit.intake.levels import column_levels, printable_labels
from evalkit.intake.read import read_grid
from evalkit.intake.table import TextTable, finding, text_table
from evalkit.project.model import Project
from evalkit.project.registers import FollowUp
from evalkit.results import Finding

# Statuses from the most to the least of a result, which settles ties of a day.
_BEST_FIRST = (
    "qualification",
    "improved",
    "employment",
    "municipal_employment",
    "studies",
    "unknown",
    "programme",
    "parental_leave",
    "sick",
    "inactive",
    "unemployed",
    "long_term_unemployed",
)


def no_events() -> pd.DataFrame:
    """The events of a project without a follow-up register."""
    return pd.DataFrame(
        {
            "person": pd.Series(dtype="str"),
            "date": pd.Series(dtype="datetime64[s]"),
            "status": pd.Series(dtype="str"),
        }
    )


def read_events(
    sources: Iterable[tuple[FollowUp, str, pd.Series]],
    project: Project,
    *,
    key: bytes,
    left: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, list[Finding]]:
    """The events of some follow-up registers below each other, each file read once.

    Args:
        sources: A follow-up, the scope of a register's codes, and the pseudonyms of everyone in
            that register; several registers may name one follow-up.
        project: The project; paths are relative to its folder.
        key: Secret key of the pseudonyms.
        left: The persons, where events before their final exits are to be told of.
    """
    specs: list[FollowUp] = []
    known: list[dict[str, pd.Series]] = []
    for spec, scope, persons in sources:
        if spec not in specs:
            specs.append(spec)
            known.append({})
        of_spec = known[specs.index(spec)]
        of_spec[scope] = pd.concat([of_spec[scope], persons]) if scope in of_spec else persons
    frames, findings = [no_events()], list[Finding]()
    for spec, persons_of in zip(specs, known, strict=True):
        events, found = read_follow_up(spec, project, key=key, persons=persons_of)
        frames.append(events)
        findings += found
        findings += early_events(events, left, file=spec.file.name) if left is not None else ()
    return pd.concat(frames, ignore_index=True), findings


def read_follow_up(
    follow_up: FollowUp, project: Project, *, key: bytes, persons: Mapping[str, pd.Series]
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """The events up to the data cut, in order of date, and what the checks found.

    Args:
        follow_up: The file and how it is to be read.
        project: The project; the path is relative to its folder.
        key: Secret key of the pseudonyms, the same as for the register.
        persons: Scope of the registers' codes → pseudonyms of everyone in them.

    Raises:
        IntakeError: If the file is missing, unreadable, empty or lacks a column, or a code is
            one person's in one register and another's in the next.
    """
    codebook = codebook_for_follow_up(follow_up)
    grid = read_grid(
        project.folder / follow_up.file, name=follow_up.file.name, sheet=follow_up.sheet
    )
    table = text_table(grid, codebook, follow_up, dated_by="event_date")
    _require_columns(table)
    reading = date_readings(
        {"entry": table.texts["event_date"]},
        codebook,
        names={"entry": table.names["event_date"]},
        file=table.file,
        start=project.period.start,
        data_cut=project.data_cut,
        counts_from_1904=table.counts_from_1904,
        order=None,
    )["entry"]
    dates = to_dates(
        table.texts["event_date"],
        codebook,
        latest_year=project.data_cut.year,
        reading=reading.reading,
    )
    person = np.full(len(table.rows), "", dtype=object)
    for scope, known in persons.items():
        who = identities_of(
            table, codebook, on=dates.days, data_cut=project.data_cut, key=key, scope=scope
        ).person
        is_known = pd.Series(who).isin(known).to_numpy()
        # A code that starts over in every register does not tell whose the event is.
        table.refuse("event_of_two", is_known & (person != "") & (person != who))
        person = np.where(is_known, who, person)
    levels = column_levels(table.texts["event_status"], "event_status", "status", codebook)
    unmapped = levels.unmapped & ~levels.removed
    status = np.where(unmapped | (levels.values == ""), "unknown", levels.values)
    undated = np.isnat(dates.days)
    late = dates.days > np.datetime64(project.data_cut, "D")
    stranger = person == ""
    usable = ~undated & ~late & ~stranger
    events = pd.DataFrame(
        {
            "person": person[usable].astype(str),
            "date": dates.days[usable].astype("datetime64[s]"),
            "status": status[usable].astype(str),
        }
    ).astype({"person": "str", "status": "str"})
    ordered, tied = in_order(events.assign(row=table.rows[usable]))
    return ordered, (
        *table.findings,
        *finding("warning", "event_same_day", table.file, tied, column=table.names["event_status"]),
        *table.found("error", "event_of_nobody", stranger & events.empty, column="person_id"),
        *table.found("error", "event_undated", undated, column="event_date"),
        *table.found("error", "event_after_cut", late, column="event_date"),
        *table.found("warning", "event_of_stranger", stranger, column="person_id"),
        *table.found("error", "identity_in_text", levels.removed, column="event_status"),
        *table.found(
            "error",
            "event_status_unmapped",
            unmapped,
            column="event_status",
            listing=printable_labels(table.texts["event_status"][unmapped]),
        ),
    )


def in_order(events: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """The events by date, and the rows of those that share their day with another status.

    The order of rows says nothing. Of two statuses on one day the one that is least of a
    result comes last, and so is the one that lasts: who was in study and unemployed on a day
    counts as unemployed from it on.
    """
    rank = events["status"].map({status: i for i, status in enumerate(_BEST_FIRST)})
    ranked = events.assign(rank=rank.fillna(len(_BEST_FIRST)))
    ordered = ranked.sort_values(["date", "rank", "person", "row"], kind="stable")
    once = events.drop_duplicates(["person", "date", "status"])
    tied = once.loc[once.duplicated(["person", "date"], keep=False), "row"].to_numpy()
    return ordered[["person", "date", "status"]].reset_index(drop=True), tied


def early_events(events: pd.DataFrame, persons: pd.DataFrame, *, file: str) -> tuple[Finding, ...]:
    """Events dated before the person's final exit: not a result of having left."""
    exits = events["person"].map(persons.set_index("person")["exit"])
    count = int((events["date"] < exits).sum())
    if not count:
        return ()
    return (Finding(severity="note", check="event_before_exit", file=file, count=count),)


def _require_columns(table: TextTable) -> None:
    """An event without a person or a status says nothing."""
    expected = {"person_id": "Deltagar-ID", "event_status": "Status"}
    for column, example in expected.items():
        if not table.has(column):
            raise IntakeError("no_column", file=table.file, column=column, example=example)
