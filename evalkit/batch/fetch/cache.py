"""Fetched series as files in the project folder, each with its origin beside it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from evalkit.batch.fetch.client import Client
from evalkit.batch.fetch.services import ask
from evalkit.documents.files.state import set_aside, write_whole
from evalkit.intake import IntakeError
from evalkit.intake.official.origin import Origin, checksum, read_origin
from evalkit.project import Project, ProjectError, Series
from evalkit.project.official import origin_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of one series.

    ``changed_definition`` is what the figures were of before and are of now, where the service
    states both and they differ: a break that the project file should tell of.
    """

    series: str
    file: Path
    outcome: Literal["fetched", "kept"]
    observations: int
    fetched: str
    changed_definition: tuple[str, str] | None = None


def fetch_project(
    project: Project, client: Client, *, is_refreshed: bool = False
) -> Iterator[Fetched]:
    """Fetches every series of a project that says from where; files already there are kept.

    A file is replaced only when its whole answer has come, so that a failure leaves the old.

    Args:
        project: The project; files are written in its folder.
        client: Asks the services.
        is_refreshed: Whether to fetch again what is there.

    Raises:
        FetchError: If a service does not answer with figures.
        ProjectError: If no series says from where it is fetched, or a file is not a CSV file.
    """
    wanted = [series for series in project.series if series.download is not None]
    if not wanted:
        raise ProjectError.told("nothing_to_fetch")
    for series in wanted:
        yield _fetch(project, series, client, is_refreshed=is_refreshed)


def _fetch(project: Project, series: Series, client: Client, *, is_refreshed: bool) -> Fetched:
    file = project.folder / series.file
    if file.suffix.lower() != ".csv":
        raise ProjectError.told("fetched_csv", place=f"series {series.id}")
    try:
        origin = read_origin(file)
    except IntakeError:  # damaged: nobody knows what the file beside it is, so both come anew
        set_aside(origin_file(file))
        origin, is_refreshed = None, True
    if file.is_file() and not is_refreshed:
        rows = len(file.read_text(encoding="utf-8-sig").splitlines()) - 1
        time = origin.fetched if origin else ""
        return Fetched(series=series.id, file=file, outcome="kept", observations=rows, fetched=time)
    assert series.download is not None
    answer = ask(series.download, client)
    content = _as_csv(answer.observations, series).encode("utf-8")
    written = Origin(
        source=answer.source,
        query=answer.query,
        licence=series.download.licence,
        fetched=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        notes=answer.notes,
        definition=answer.definition,
        sha256=checksum(content),
    )
    write_whole(file, content)
    write_whole(origin_file(file), written.to_json())
    return Fetched(
        series=series.id,
        file=file,
        outcome="fetched",
        observations=len(answer.observations),
        fetched=written.fetched,
        changed_definition=_changed(origin, written),
    )


def _changed(before: Origin | None, now: Origin) -> tuple[str, str] | None:
    if before is None or not before.definition or not now.definition:
        return None
    pair = (before.definition, now.definition)
    return pair if pair[0] != pair[1] else None


def _as_csv(observations: pd.DataFrame, series: Series) -> str:
    """The columns as the project file names them, sorted, so that a new edition compares."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow([series.area_column, series.period_column, series.value_column])
    ordered = observations.sort_values(["area", "period"], kind="stable")
    writer.writerows(ordered[["area", "period", "value"]].itertuples(index=False))
    return target.getvalue()
