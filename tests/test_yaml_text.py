"""Both readers of YAML give the same values, so that speed changes nothing."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
import yaml

from evalkit.yaml_text import composed_yaml, read_yaml

PACKAGE = Path(str(resources.files("evalkit")))


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.yaml")), ids=lambda file: file.name)
def test_every_file_of_the_package_reads_as_with_the_plain_loader(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert read_yaml(text) == yaml.load(text, Loader=yaml.SafeLoader)


def test_every_sample_project_reads_as_with_the_plain_loader(sample_folder: Path) -> None:
    for file in sample_folder.glob("*/project.yaml"):
        text = file.read_text(encoding="utf-8-sig")
        assert read_yaml(text) == yaml.load(text, Loader=yaml.SafeLoader)


def test_no_object_can_be_made_by_a_text() -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml("!!python/object/apply:os.getcwd []")


@pytest.mark.parametrize(
    "damaged", ["[" * 50_000, "{a: " * 50_000, "- " * 50_000, "- - [" * 20_000, "? " * 50_000,
                "".join(f"{' ' * depth}a:\n" for depth in range(2_000))]
)  # fmt: skip
def test_a_text_nested_without_end_is_refused_before_it_ends_the_process(damaged: str) -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml(damaged)


def test_a_key_that_stands_twice_is_refused_where_yaml_would_keep_the_last() -> None:
    with pytest.raises(yaml.YAMLError, match="line 3"):
        read_yaml("a: 1\nb: 2\na: 3")
    with pytest.raises(yaml.YAMLError, match="twice"):
        read_yaml("a: &one {p: 1}\nb: {<<: *one, p: 2, p: 3}")


def test_a_key_merged_from_elsewhere_may_be_said_anew() -> None:
    read = read_yaml("a: &one {p: 1, q: 1}\nb: {<<: *one, p: 2}")
    assert read["b"] == {"p": 2, "q": 1}


def test_nodes_come_from_the_reader_of_the_values_with_the_same_places(sample_folder: Path) -> None:
    asked = "question: {sv: Nådde vi målen?, en: Did we?}"  # the plain loader refuses it
    assert read_yaml(asked) and composed_yaml(asked).value
    with pytest.raises(yaml.YAMLError):
        yaml.compose(asked, Loader=yaml.SafeLoader)
    for file in sample_folder.glob("*/project.yaml"):
        text = file.read_text(encoding="utf-8-sig")
        plain = dict(yaml.compose(text, Loader=yaml.SafeLoader).value)
        ours = dict(composed_yaml(text).value)
        assert [(key.start_mark.index, key.end_mark.index) for key in ours] == [
            (key.start_mark.index, key.end_mark.index) for key in plain
        ]
