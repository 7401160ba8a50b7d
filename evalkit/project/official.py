"""Where an official series is fetched from: one block per service, under ``download``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Year = Annotated[int, Field(ge=1900, le=2100)]
SCB_V2 = "https://statistikdatabasen.scb.se/api/v2"
SCB_V1 = "https://api.scb.se/OV0104/v1/doris/sv/ssd"
KOLADA = "https://api.kolada.se/v3"


class Source(BaseModel):
    """What every service's block holds.

    Attributes:
        base: Address of the service; another installation of it may be named.
        areas: Code of an area at the service → its name in the project.
        licence: Under which terms the figures are published.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str
    areas: dict[str, str] = {}
    licence: str


class KoladaSource(Source):
    """A key figure of Kolada, by municipality and year."""

    service: Literal["kolada"]
    base: str = KOLADA
    licence: str = "Kolada (RKA), källa anges"
    areas: dict[str, str]
    kpi: str
    years: tuple[Year, Year]
    gender: Literal["T", "K", "M"] = "T"


class ScbSource(Source):
    """A table of Statistics Sweden or another PxWeb.

    Attributes:
        version: 2 for PxWebApi 2 (GET), 1 for the older interface (POST).
        table: ``TAB6471`` in version 2, the path below the database in version 1.
        selection: Dimension → chosen codes; ``*`` for all.
        area: The dimension of areas; left out where the table is of one area only.
        period: The dimension of time.
        one_area: Name of the area where there is no dimension of areas.
    """

    service: Literal["scb"]
    version: Literal[1, 2] = 2
    base: str = ""
    licence: str = "CC0 1.0"
    table: str
    selection: dict[str, tuple[str, ...]]
    area: str = ""
    period: str = "Tid"
    one_area: str = "Riket"

    @property
    def address(self) -> str:
        return self.base or (SCB_V2 if self.version == 2 else SCB_V1)


class EmploymentServiceSource(Source):
    """An Excel file of the Swedish Public Employment Service, whose layout changes.

    Attributes:
        base: Address of the file itself.
        sheet: The first when left out.
        area_column: Header of the areas.
        value_column: Header of the values; a header in two rows is read as both together.
        period: The month of the whole file, or empty where ``period_column`` names one.
        period_column: Header of the months.
    """

    service: Literal["arbetsformedlingen"]
    licence: str = "Arbetsförmedlingen, källa anges"
    sheet: str | None = None
    area_column: str = "Kommun"
    value_column: str
    period: str = ""
    period_column: str = ""


Download = Annotated[
    KoladaSource | ScbSource | EmploymentServiceSource, Field(discriminator="service")
]


def origin_file(file: Path) -> Path:
    """Where it is written down from where and when a fetched file came."""
    return file.with_name(f"{file.name}.source.json")
