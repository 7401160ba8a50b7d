"""What to ask each service, and its answer as area, period and value."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pandas as pd

from evalkit.batch.fetch.client import Client, FetchError
from evalkit.intake.official.employment_service import ages_stated, read_employment_service
from evalkit.intake.official.json_stat import VALUE, read_json_stat
from evalkit.intake.official.kolada import next_page, read_kolada
from evalkit.project.official import EmploymentServiceSource, KoladaSource, ScbSource

MOST_CELLS = 150_000
MOST_PAGES = 1_000
_VERSION_2 = 2
Selection = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Observations (``area, period, value`` as text), and what was asked and said."""

    observations: pd.DataFrame
    source: str
    query: dict[str, Any]
    notes: tuple[str, ...] = ()
    definition: str = ""


@singledispatch
def ask(source: Any, client: Client) -> Answer:  # noqa: ARG001
    """The figures of a source."""
    raise TypeError(f"no service for {type(source).__name__}")


@ask.register
def _(source: KoladaSource, client: Client) -> Answer:
    first, last = source.years
    years = ",".join(str(year) for year in range(first, last + 1))
    address = (
        f"{source.base}/data/kpi/{source.kpi}/municipality/{','.join(source.areas)}/year/{years}"
    )
    pages = list(_pages(client, address))
    table = read_kolada(pages, gender=source.gender, name=f"Kolada {source.kpi}")
    return Answer(
        observations=_named(table, source.areas),
        source=address,
        query=source.model_dump(include={"kpi", "years", "gender"}, mode="json"),
    )


def _pages(client: Client, address: str) -> Iterator[Mapping[str, Any]]:
    """Every page, following the address of the next; a ring of pages is refused."""
    seen: set[str] = set()
    while address:
        if address in seen or len(seen) >= MOST_PAGES:
            raise FetchError("fetch.ring")
        seen.add(address)
        page = client.json(address)
        if not isinstance(page, Mapping):
            raise FetchError("fetch.no_values")
        yield page
        following = next_page(page)
        address = urljoin(address, following) if following else ""


@ask.register
def _(source: ScbSource, client: Client) -> Answer:
    answers = [_table(source, client, part) for part in within_limit(source.selection)]
    frames = [read_json_stat(answer, name=f"SCB {source.table}") for answer in answers]
    table = pd.concat(frames, ignore_index=True)
    _refuse_several(table, source)
    area = table[source.area] if source.area else pd.Series(source.one_area, index=table.index)
    observations = pd.DataFrame(
        {"area": area.to_numpy(), "period": table[source.period].to_numpy(), VALUE: table[VALUE]}
    )
    names = dict(source.areas)
    if source.area:
        labels = zip(table[source.area], table[f"{source.area} label"], strict=True)
        names = {**dict(labels), **names}
    return Answer(
        observations=_named(observations, names),
        source=f"{source.address}/{source.table}",
        query=source.model_dump(include={"table", "selection", "version"}, mode="json"),
        notes=tuple(str(note).strip() for note in answers[0].get("note", ())),
    )


def _table(source: ScbSource, client: Client, selection: Selection) -> Any:
    if source.version == _VERSION_2:
        params = {"lang": "sv", "outputFormat": "json-stat2"}
        params |= {f"valueCodes[{name}]": ",".join(codes) for name, codes in selection.items()}
        return client.json(f"{source.address}/tables/{source.table}/data", params=params)
    query = [
        {
            "code": name,
            "selection": {"filter": "all" if codes == ("*",) else "item", "values": list(codes)},
        }
        for name, codes in selection.items()
    ]
    body = {"query": query, "response": {"format": "json-stat2"}}
    return client.json(f"{source.address}/{source.table}", body=body)


def within_limit(selection: Selection, *, most: int = MOST_CELLS) -> Iterator[Selection]:
    """The selection in parts that a service gives at once, cut along its longest dimension."""
    cells = math.prod(len(codes) for codes in selection.values())
    if cells <= most:
        yield selection
        return
    longest = max(selection, key=lambda name: len(selection[name]))
    codes = selection[longest]
    half = len(codes) // 2
    for part in (codes[:half], codes[half:]):
        yield from within_limit({**selection, longest: part}, most=most)


def _refuse_several(table: pd.DataFrame, source: ScbSource) -> None:
    """A dimension besides area and time may hold one category, or values would be mixed."""
    for name in (source.area, source.period):
        if name and name not in table.columns:
            dimensions = [c for c in table.columns if not c.endswith(" label") and c != VALUE]
            raise FetchError(
                "fetch.no_dimension", table=source.table, name=name,
                dimensions=", ".join(dimensions),
            )  # fmt: skip
    several = [
        name
        for name in table.columns
        if not name.endswith(" label")
        and name not in (source.area, source.period, VALUE)
        and table[name].nunique() > 1
    ]
    if several:
        raise FetchError("fetch.several", table=source.table, names=", ".join(several))


@ask.register
def _(source: EmploymentServiceSource, client: Client) -> Answer:
    content = client.file(source.base)
    name = Path(urlsplit(source.base).path).name
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        table = read_employment_service(
            file,
            name=name,
            sheet=source.sheet,
            area_column=source.area_column,
            value_column=source.value_column,
            period=source.period,
            period_column=source.period_column,
        )
        definition = ages_stated(file, name=name, sheet=source.sheet)
    return Answer(
        observations=_named(table, source.areas),
        source=source.base,
        query=source.model_dump(include={"sheet", "value_column", "period"}, mode="json"),
        definition=definition,
    )


def _named(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Codes of areas as names; a code without one stays."""
    return table.assign(area=[names.get(code, code) for code in table["area"]])
