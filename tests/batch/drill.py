"""Projects for the fault drill: sound ones, and one for each thing that can go wrong."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.templates import code, template, whole_template, write_project, write_template

CHAPTER_LIMIT_SECONDS = 25
# More than any sound report and less than what "too-large" shows.
FILE_LIMIT_BYTES = 2_000_000

# Writes down, beside the project, that it was run.
COUNT = """
import os
with open(os.path.join(os.path.dirname(project_file), "runs"), "a") as runs:
    runs.write(language + "\\n")
"""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a project, and what must be said of it.

    ``runs``: how often its chapter must have begun; a death from outside is tried once more.
    """

    sentence: str
    source: str = ""
    runs: int = 1


CODE_FAULTS = {
    "endless": Fault(
        f"participants: det tog mer än {CHAPTER_LIMIT_SECONDS} sekunder och stoppades",
        "import time\nwhile True:\n    try:\n        time.sleep(0.05)\n"
        "    except BaseException:\n        pass",
    ),
    "kills-its-kernel": Fault(
        "participants: processen som körde det dog.",
        "import signal; os.kill(os.getpid(), signal.SIGKILL)",
        runs=2,
    ),
    "kills-its-worker": Fault(
        "participants: processen som körde det avslutades utifrån två gånger.",
        "import signal\nwith open(f'/proc/{os.getppid()}/stat') as nursery:\n"
        "    os.kill(int(nursery.read().split()[3]), signal.SIGKILL)\n"
        "import time; time.sleep(60)",
        runs=2,  # in one kernel for both languages
    ),
    "wants-all-memory": Fault(
        "participants: MemoryError i cell 3",
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\n"
        "held = [bytearray(2**26) for _ in range(64)]",
    ),
    "killed-for-its-memory": Fault(
        "participants: processen som körde det dog.",
        "import signal\nheld = bytearray(2**27)\nos.kill(os.getpid(), signal.SIGKILL)",
        runs=2,
    ),
    "leaves-early": Fault(
        "participants: det slutade före den sista cellen utan att något fel angavs",
        "import sys; sys.exit(0)",
    ),
    "raises": Fault("participants: KeyError i cell 3", "{}['no such key']"),
    "too-large": Fault(
        "participants: utrymmet är slut där rapporterna skrivs; den tidigare rapporten står orörd"
    ),
}

# Told in the language of the project, and what it cannot be read for in the reader's.
_DAMAGED = (
    "data_quality: deltagare_arena.xlsx: går inte att öppna som Excel-fil; "
    "den kan vara skadad eller av ett annat slag"
)
FILE_FAULTS = {
    "truncated-xlsx": Fault(_DAMAGED),
    "rubbish-xlsx": Fault(_DAMAGED),
    "no-register": Fault("data_quality: deltagare_arena.xlsx: filen finns inte"),
    "empty-csv": Fault("data_quality: deltagare.csv: filen är tom"),
    "foreign-encoding": Fault("data_quality: deltagare.csv: "),
    "broken-yaml": Fault("project.yaml: rad 2, kolumn 6: inte giltig YAML"),
    "unknown-key": Fault("project.yaml: fundr: okänd nyckel; menades 'funder'?"),
    "no-notebook": Fault("participants: participants.ipynb: inte en anteckningsbok", runs=0),
}


def write_sound(folder: Path, identity: str) -> Path:
    """A project with one small chapter, in both languages."""
    return write_project(folder / identity, identity=identity)


def write_real(folder: Path, identity: str, sample: Path) -> Path:
    """A copy of a sample project with two of its chapters."""
    shutil.copytree(sample, folder / identity)
    return _change(
        folder / identity,
        {f"id: {sample.name}": f"id: {identity}", "chapters: [": "chapters: [data_quality] # ["},
    )


def write_counting_template(folder: Path, chapter: str = "participants") -> Path:
    whole = whole_template()["cells"]
    return write_template(folder, chapter, template(code(COUNT), *whole[1:]))


def write_faulty(folder: Path, identity: str, *, fault: str) -> None:
    """Make a project's own chapter do what the fault says."""
    own = write_template(folder / identity / "notebooks", "participants", _faulty(fault))
    if fault == "no-notebook":
        own.write_bytes(b"\x89PNG\r\n" + bytes(range(256)))


def _faulty(name: str) -> dict[str, Any]:
    if name == "too-large":
        text = {"cell_type": "markdown", "metadata": {}, "source": "ord " * FILE_LIMIT_BYTES}
        return template(code(COUNT), text)
    return template(code(COUNT), code(CODE_FAULTS[name].source if name in CODE_FAULTS else "1"))


def write_corrupt(folder: Path, identity: str, sample: Path, *, fault: str) -> None:
    """A copy of a sample project whose files are corrupt."""
    file = write_real(folder, identity, sample)
    register = next(file.parent.glob("*.xlsx"))
    content = register.read_bytes()
    rows = "Kod;Kön;Startdatum;Slutdatum;Avslutsorsak\n1;K;2018-02-01;;\n"
    if fault == "truncated-xlsx":
        register.write_bytes(content[: len(content) // 2])
    elif fault == "rubbish-xlsx":
        register.write_bytes(bytes(range(256)) * 40)
    elif fault == "no-register":
        register.unlink()
    elif fault == "broken-yaml":
        file.write_text("id: [broken-yaml\ntitle: {", encoding="utf-8")
    elif fault == "unknown-key":
        _change(file.parent, {"funder:": "fundr:"})
    else:
        _change(file.parent, {register.name: "deltagare.csv", "    sheet:": "    # sheet:"})
        # EBCDIC: a file fetched from a mainframe without being translated.
        written = rows.encode("cp500") if fault == "foreign-encoding" else b""
        (file.parent / "deltagare.csv").write_bytes(written)


def _change(folder: Path, changes: dict[str, str]) -> Path:
    file = folder / "project.yaml"
    text = file.read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after, 1)
    file.write_text(text, encoding="utf-8")
    return file
