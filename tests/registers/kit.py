"""What both generators share: made-up people, writers of files, and the truth about them.

Everything is made up. Identity numbers are only those of the Swedish Tax Agency's published
test series. The same script writes the same bytes every time.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

CUT = dt.date(2024, 12, 31)
HEAD = ["Löpnr", "Kön", "Ålder", "Startdatum", "Slutdatum", "Avslutsorsak"]
CLASS = {
    "Arbete": "employment",
    "Studier": "studies",
    "Åter remittent": "referred_back",
    "Avbrott": "dropout",
    "Sjukdom": "health_or_leave",
    None: "ongoing",
}
REASONS = ["Arbete", "Studier", "Åter remittent", "Avbrott", "Sjukdom"]
WEIGHTS = [40, 15, 20, 15, 10]
# Skatteverket's published test numbers: number → sex. The last is a coordination number.
PUBLISHED = {
    "191212121212": "Man",
    "189001019802": "Kvinna",
    "198507099805": "Kvinna",
    "197802022389": "Kvinna",
    "197010632391": "Man",
}
SEX = {"Kvinna": "woman", "Man": "man"}
EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Person:
    id: str
    sex: str
    age: int
    start: dt.date
    end: dt.date | None
    reason: str | None

    @property
    def row(self) -> list:
        return [self.id, self.sex, self.age, self.start, self.end, self.reason]

    @property
    def days(self) -> int:
        return ((self.end or CUT) - self.start).days


def people(seed: int, n: int = 60, *, prefix: str = "D", open_share: float = 0.3) -> list[Person]:
    """Made-up participants; about a third still enrolled at the data cut."""
    r, out = random.Random(seed), []
    for i in range(n):
        start = dt.date(2023, 1, 2) + dt.timedelta(days=r.randrange(600))
        end = start + dt.timedelta(days=r.randrange(20, 320))
        is_open = r.random() < open_share or end > CUT
        reason = r.choices(REASONS, WEIGHTS)[0]
        out.append(
            Person(
                f"{prefix}{i + 1:03d}",
                r.choice(["Kvinna", "Man"]),
                r.randrange(18, 64),
                start,
                None if is_open else end,
                None if is_open else reason,
            )
        )
    return out


def figures(persons: Sequence[Person], classes: dict | None = None) -> dict:
    """The truth about persons with one spell each."""
    classes = classes or CLASS
    exits = Counter("ongoing" if p.end is None else classes[p.reason] for p in persons)
    return {
        "persons": len(persons),
        "exits": dict(sorted(exits.items())),
        "days_total": sum(p.days for p in persons),
        "entries": {
            "first": str(min(p.start for p in persons)),
            "last": str(max(p.start for p in persons)),
            "days_after_2023": sum((p.start - dt.date(2023, 1, 1)).days for p in persons),
        },
    }


def with_returns(persons: Sequence[Person], back: Sequence[Person]) -> dict:
    """The truth when some came back and are still enrolled; their days are not asked for."""
    told = figures(persons)
    exits = Counter(told["exits"])
    for p in back:
        exits[CLASS[p.reason]] -= 1
        exits["ongoing"] += 1
    exits = {k: v for k, v in sorted(exits.items()) if v}
    return {"persons": told["persons"], "exits": exits, "days_total": None}


def sexes(persons: Iterable[Person]) -> dict:
    return dict(sorted(Counter(SEX[p.sex] for p in persons).items()))


def levels(values: Iterable) -> dict:
    return dict(sorted(Counter(values).items()))


def per_cent(k: int, n: int) -> str:
    """Half up, one decimal, as Swedish writes it."""
    tenths = (2000 * k + n) // (2 * n)
    return f"{tenths // 10},{tenths % 10}"


class Suite:
    """A set of cases under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if root.exists():
            shutil.rmtree(root)
        root.mkdir(parents=True)

    def case(
        self,
        name: str,
        kind: str,
        says: str,
        truth: dict,
        *,
        registers: str | Sequence[str] = "r.csv",
        extra: str = "",
        chapters: str = "[data_quality, participants, time_to_employment]",
        accept: Sequence[str] = ("truth",),
        folder: str = "",
        **rules: object,
    ) -> Path:
        """Write project.yaml and truth.json; the caller writes the files."""
        path = self.root / name / folder
        path.mkdir(parents=True, exist_ok=bool(folder))
        if isinstance(registers, str):
            registers = [f"file: {registers}"]
        listed = "\n".join("  - " + "\n    ".join(one.split("\n")) for one in registers)
        (path / "project.yaml").write_text(
            "\n".join(
                [
                    f"id: {name}",
                    "title: Vägen in",
                    "summary: Vägen in är ett samarbete för unga utan arbete eller studier.",
                    "languages: [sv]",
                    "period: {start: 2023-01-01, end: 2024-12-31}",
                    "data_cut: 2024-12-31",
                    "is_synthetic: true",
                    "registers:",
                    listed,
                    *([extra.rstrip()] if extra else []),
                    f"chapters: {chapters}",
                    "",
                ]
            ),
            encoding="utf-8",
        )
        if not folder:
            told = {
                "id": name,
                "kind": kind,
                "says": says,
                **truth,
                **rules,
                "accept": list(accept),
            }
            (path / "truth.json").write_text(
                json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
        return path


# ------------------------------------------------------------------------------------ files


def csv(
    path: Path,
    head: Sequence,
    rows: Iterable[Sequence],
    *,
    sep: str = ";",
    encoding: str = "utf-8-sig",
    end: str = "\r\n",
    tail: str = "",
) -> None:
    lines = [sep.join("" if c is None else str(c) for c in row) for row in [head, *rows]]
    path.write_bytes((end.join(lines) + end + tail).encode(encoding))


@dataclass(frozen=True)
class Formula:
    """A formula and the result that is stored with it; `None` for none."""

    text: str
    stored: object = ""


@dataclass(frozen=True)
class As:
    """A number with a number format."""

    value: float
    shown: str


def serial(day: dt.date) -> int:
    return (day - EPOCH).days


def xlsx(
    path: Path,
    sheets: dict[str, list[list]],
    *,
    merges: dict[str, list[str]] | None = None,
    hidden_rows: dict[str, list[int]] | None = None,
    date_1904: bool = False,
    date_format: str = "yyyy-mm-dd",
    change: Callable[[str, bytes], bytes] | None = None,
    rename: Callable[[str], str] | None = None,
) -> None:
    """A workbook; dates become date cells, `Formula` a formula, `As` a formatted number."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": date_1904})
    book.set_properties({"created": dt.datetime(2025, 1, 7)})
    day = book.add_format({"num_format": date_format})
    formats: dict[str, object] = {}
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell is None:
                    continue
                if isinstance(cell, dt.date):
                    sheet.write_datetime(i, j, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, Formula):
                    stored = cell.stored
                    if isinstance(stored, dt.date):
                        stored = serial(stored)
                    sheet.write_formula(
                        i,
                        j,
                        cell.text,
                        day,
                        "§none§" if stored is None else ("§empty§" if stored == "" else stored),
                    )
                elif isinstance(cell, As):
                    made = formats.setdefault(
                        cell.shown, book.add_format({"num_format": cell.shown})
                    )
                    sheet.write_number(i, j, cell.value, made)
                elif isinstance(cell, str):
                    sheet.write_string(i, j, cell)
                else:
                    sheet.write_number(i, j, cell)
        for place in (merges or {}).get(name, []):
            first = place.split(":")[0]
            sheet.merge_range(place, rows[int(re.sub(r"\D", "", first)) - 1][ord(first[0]) - 65])
        for i in (hidden_rows or {}).get(name, []):
            sheet.set_row(i, None, None, {"hidden": True})
    book.close()

    def told(part: str, content: bytes) -> bytes:
        if part.startswith("xl/worksheets/"):
            content = content.replace("<v>§empty§</v>".encode(), b"<v></v>")
            content = re.sub(' t="str"(><f>[^<]*</f>)<v>§none§</v>'.encode(), rb"\1", content)
        return change(part, content) if change else content

    rewrite(path, told, rename)


def rewrite(
    path: Path,
    change: Callable[[str, bytes], bytes] | None = None,
    rename: Callable[[str], str] | None = None,
) -> None:
    """The archive with its parts changed, and with the same time on all of them."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(rename(name) if rename else name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, change(name, content) if change else content)


def prefixed(part: str, content: bytes) -> bytes:
    """The sheet with every tag written `x:`, as some programs write it."""
    if not part.startswith("xl/worksheets/"):
        return content
    content = re.sub(rb"<(/?)(?!\?)([A-Za-z])", rb"<\1x:\2", content)
    return content.replace(b"xmlns=", b"xmlns:x=", 1)


def strict(part: str, content: bytes) -> bytes:
    """The part in the namespaces of Strict Open XML."""
    return content.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    ).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


ERROR = "#N/A"


def xls(path: Path, rows: list[list]) -> None:
    """An Excel 97–2003 file; `ERROR` becomes an error cell."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Blad1")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell is None:
                continue
            if cell == ERROR:
                sheet.row(i).set_cell_error(j, 0x2A)
            elif isinstance(cell, dt.date):
                sheet.write(i, j, cell, day)
            else:
                sheet.write(i, j, cell)
    book.save(str(path))


def ods(path: Path, rows: list[list], *, error_shows: str = "") -> None:
    """A spreadsheet as LibreOffice writes it; `ERROR` becomes an error cell."""

    def cell_xml(cell: object) -> str:
        if cell is None:
            return "<table:table-cell/>"
        if cell == ERROR:
            return (
                f'<table:table-cell table:formula="of:=NA()" office:value-type="string" '
                f'office:string-value="{error_shows}" calcext:value-type="error">'
                "<text:p>#N/A</text:p></table:table-cell>"
            )
        if isinstance(cell, dt.date):
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{cell}" '
                f'calcext:value-type="date"><text:p>{cell}</text:p></table:table-cell>'
            )
        if isinstance(cell, (int, float)):
            return (
                f'<table:table-cell office:value-type="float" office:value="{cell}" '
                f'calcext:value-type="float"><text:p>{cell}</text:p></table:table-cell>'
            )
        return (
            '<table:table-cell office:value-type="string" calcext:value-type="string">'
            f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
        )

    body = "".join(
        "<table:table-row>" + "".join(map(cell_xml, row)) + "</table:table-row>" for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        'office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="Blad1">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, text, packing in (
            ("mimetype", kind, zipfile.ZIP_STORED),
            ("content.xml", content, zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED),
        ):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = packing
            archive.writestr(info, text)


def with_end(persons: Sequence[Person], end: Callable[[Person], object]) -> list[list]:
    """Rows whose end date is written as `end` says."""
    return [[*p.row[:4], end(p), p.reason] for p in persons]


def changed(
    persons: Sequence[Person], where: Callable[[int], bool], **values: object
) -> list[Person]:
    return [replace(p, **values) if where(i) else p for i, p in enumerate(persons)]
