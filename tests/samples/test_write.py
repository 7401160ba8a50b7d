"""The committed samples are what the generator writes, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.samples import SAMPLES, write_samples
from evalkit.project import load_project

PUBLISHED_SERIES = "kolada_n03937_urval.csv"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    folder = tmp_path_factory.mktemp("samples")
    return folder, write_samples(folder)


def test_committed_files_equal_what_the_generator_writes(
    written: tuple[Path, list[Path]], sample_folder: Path
) -> None:
    folder, paths = written
    assert len(paths) == 11
    for path in paths:
        committed = sample_folder / path.relative_to(folder)
        assert path.read_bytes() == committed.read_bytes(), (
            f"{path.name} differs: run `python -m benchmarks.samples`"
        )


def test_only_the_named_sample_is_written(tmp_path: Path) -> None:
    paths = write_samples(tmp_path, only=["arena-for-arbete"])
    assert {path.parent.name for path in paths} == {"arena-for-arbete"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["arena-for-arbete"]


def test_an_unknown_sample_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no sample named skurup"):
        write_samples(tmp_path, only=["skurup"])


def test_every_sample_has_a_project_file_that_names_its_written_files(
    written: tuple[Path, list[Path]], sample_folder: Path
) -> None:
    _, paths = written
    for name in SAMPLES:
        project = load_project(sample_folder / name)
        assert project.id == name
        assert project.is_synthetic
        assert (sample_folder / name / "README.md").is_file()
        named = {register.file.name for register in project.registers}
        named |= {one.follow_up.file.name for one in project.registers if one.follow_up}
        named |= {series.file.name for series in project.series}
        named |= {file.name for file in (project.comparison.files if project.comparison else ())}
        assert {path.name for path in paths if path.parent.name == name} <= named


def test_the_published_series_is_an_unchanged_extract(
    shared_path: Path, sample_folder: Path
) -> None:
    extract = (sample_folder / "eskilstuna-fler-jobb" / PUBLISHED_SERIES).read_text("utf-8")
    full = (shared_path / "data" / "series" / "kolada_n03937_2011_2024.csv").read_text("utf-8")
    header, *rows = extract.splitlines()
    assert header == full.splitlines()[0]
    assert set(rows) <= set(full.splitlines())
    assert len(rows) == 25 * 14  # areas, years 2011–2024


def test_series_hold_every_area_of_the_project_file(sample_folder: Path) -> None:
    project = load_project(sample_folder / "eskilstuna-fler-jobb")
    for series in project.series:
        rows = pd.read_csv(project.folder / series.file, dtype=str)
        assert set(rows[series.area_column]) == set(series.areas)
        assert series.is_synthetic == ("synthetic" in series.value_column)


def test_the_job_track_file_is_swedish_excel_text(sample_folder: Path) -> None:
    content = (sample_folder / "sydostra-skane-jobbspar" / "jobbspar_deltagare.csv").read_bytes()
    assert content.startswith(b"sep=;\r\nL\xf6pnr;K\xf6n;")  # cp1252 ö
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert b";62,5;" in content
    assert b"\xa0" in content
