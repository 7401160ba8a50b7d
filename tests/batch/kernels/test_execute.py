from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evalkit.batch.kernels import execute
from evalkit.batch.kernels.execute import (
    ChapterRun,
    ChapterTask,
    TemplateError,
    read_template,
    run_chapter,
)
from evalkit.documents.kept import (
    HEADLINE_MIME_TYPE,
    ChapterError,
    chapter_headlines,
    released_chapter,
)
from evalkit.present import blocks
from tests.support.templates import code, section, showing, template, write_template

# Skatteverket's published test number: stands for whatever must never be told.
PLANTED = "191212121212"
PARAMETERS = (
    "participants.ipynb: en cell, och bara en, ska ha taggen parameters och innehålla language, "
    "project_file, purpose; evalkit new-chapter skriver en sådan"
)


def run(folder: Path, notebook: dict[str, Any], *, timeout_seconds: float = 600) -> ChapterRun:
    return run_chapter(
        ChapterTask(
            project_file=folder / "project.yaml",
            project_id="exempel",
            chapter="participants",
            language="sv",
            template=write_template(folder / "notebooks", "participants", notebook),
            timeout_seconds=timeout_seconds,
        )
    )


def failure_of(folder: Path, source: str, **options: float) -> str:
    done = run(folder, template(code("1 + 1"), code(source)), **options)
    assert done.notebook == {}
    return done.failure


def test_a_chapter_is_given_its_project_its_language_and_is_asked(
    tmp_path: Path,
) -> None:
    shown = (
        "from IPython.display import display\n"
        f"display({{{HEADLINE_MIME_TYPE!r}: [{{'label': language, 'text': purpose}},"
        " {'label': 'p', 'text': project_file.split('/')[-1]}]}, raw=True)"
    )
    done = run(tmp_path, template(code(shown)))
    assert done.failure == ""
    given = [(line.label, line.text) for line in chapter_headlines(done.notebook)]
    assert given == [("sv", "ask"), ("p", "project.yaml")]


def test_a_template_without_the_parameters_tag_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, template(code("1 + 1"), parameters=None))
    assert done.failure == PARAMETERS


def test_a_template_that_does_not_know_a_parameter_is_refused(tmp_path: Path) -> None:
    misspelt = template(code("1"), parameters='project_file = "x"\nlanguge = "sv"\npurpose = "x"')
    done = run(tmp_path, misspelt)
    assert done.failure == PARAMETERS


def test_a_file_that_is_no_notebook_is_refused_without_quoting_it(tmp_path: Path) -> None:
    file = tmp_path / "participants.ipynb"
    file.write_text(f"{{{PLANTED}", encoding="utf-8")
    with pytest.raises(TemplateError) as refused:
        read_template(file)
    assert str(refused.value).startswith("participants.ipynb: not a notebook")
    assert PLANTED not in str(refused.value)


def test_an_error_is_told_by_its_type_and_cell_and_never_by_its_message(tmp_path: Path) -> None:
    # Cells of the template: parameters, 1 + 1, the failing one.
    assert failure_of(tmp_path, f"raise KeyError({PLANTED!r})") == "KeyError i cell 3"


def test_an_error_named_after_a_value_is_not_told_by_its_name(tmp_path: Path) -> None:
    source = f"raise type('Person{PLANTED}', (Exception,), {{}})()"
    assert failure_of(tmp_path, source) == "ett fel i cell 3"


def test_the_last_line_of_an_evalkit_error_is_passed_on_without_the_machines_path(
    tmp_path: Path,
) -> None:
    source = (
        "from evalkit.project import ProjectError\n"
        "raise ProjectError(f'first\\n{project_file}: targets[0].goal: this key is required')"
    )
    assert failure_of(tmp_path, source) == "project.yaml: targets[0].goal: this key is required"


@pytest.mark.parametrize("source", ["import sys; sys.exit(0)", "raise SystemExit"])
def test_a_chapter_that_leaves_early_without_an_error_has_failed(
    tmp_path: Path, source: str
) -> None:
    assert failure_of(tmp_path, source) == (
        "det slutade före den sista cellen utan att något fel angavs"
    )


def test_a_chapter_that_exits_with_a_status_has_failed(tmp_path: Path) -> None:
    assert failure_of(tmp_path, f"import sys; sys.exit({PLANTED!r})") == "SystemExit i cell 3"


def test_an_error_allowed_by_a_tag_still_fails_the_chapter(tmp_path: Path) -> None:
    done = run(tmp_path, template(code("1 / 0", "raises-exception")))
    assert done.failure == "ZeroDivisionError i cell 2"


def test_a_chapter_whose_kernel_dies_is_told_apart(tmp_path: Path) -> None:
    assert "processen som körde det dog" in failure_of(tmp_path, "import os; os._exit(1)")


@pytest.mark.slow
def test_a_chapter_that_kills_its_nursery_fails_and_the_next_one_runs(tmp_path: Path) -> None:
    killing = "import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(30)"
    assert "processen som körde det dog" in failure_of(tmp_path, killing)
    assert run(tmp_path, template(code("1 + 1"))).failure == ""


def test_a_kernel_starts_as_if_nothing_of_ours_had_run(tmp_path: Path) -> None:
    source = (
        "import sys; kinds = get_ipython().display_formatter.mimebundle_formatter.type_printers\n"
        "assert list not in kinds and not {'seaborn', 'scipy.stats'} & set(sys.modules)\n"
        "import __main__; assert __main__.project_file == project_file\n"
        "assert not any('evalkit/answers' in entry for entry in sys.path)"
    )
    assert run(tmp_path, template(code(source))).failure == ""


def test_the_time_limit_is_for_the_whole_chapter(tmp_path: Path) -> None:
    sleeping = template(*(code("import time; time.sleep(1.5)") for _ in range(4)))
    done = run(tmp_path, sleeping, timeout_seconds=3)
    assert done.failure == "det tog mer än 3 sekunder och stoppades"


def test_what_a_kernel_takes_to_start_is_not_the_chapters_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([500.0, 504.0, 599.0])
    monkeypatch.setattr("evalkit.batch.kernels.execute.time.monotonic", lambda: next(clock))
    left = execute.remaining(10)
    assert [left(None), left(None), left(None)] == [10, 6, 1]  # a second at the least


def test_what_a_chapter_writes_to_the_terminal_goes_nowhere(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = (
        f"import os, sys, logging\nprint({PLANTED!r}); print({PLANTED!r}, file=sys.stderr)\n"
        f"os.write(1, b'{PLANTED}'); os.write(2, b'{PLANTED}'); logging.error({PLANTED!r})\n"
        f"sys.__stderr__.write({PLANTED!r}); sys.__stderr__.flush()\n{PLANTED!r}"
    )
    done = run(tmp_path, template(code(source)))
    assert done.failure == ""
    assert PLANTED not in json.dumps(released_chapter(done.notebook, "sv"))
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err == ""


def test_figures_that_have_not_passed_the_door_are_refused(tmp_path: Path) -> None:
    shown = showing(blocks.MIME_TYPE, blocks.to_json(section(is_internal=True)))
    done = run(tmp_path, template(code(shown)))
    with pytest.raises(ChapterError, match="shows internal figures that have not passed"):
        released_chapter(done.notebook, "sv")


def test_a_chapter_works_in_an_empty_folder_that_is_gone_afterwards(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "statistics.py").write_text("raise SystemExit('shadowed')")
    source = "import os, statistics\nassert os.listdir('.') in ([], ['.ipython'])\nopen('x', 'w')"
    assert run(tmp_path, template(code(source))).failure == ""
    assert {file.name for file in tmp_path.rglob("*")} == {
        "notebooks",
        "participants.ipynb",
        "statistics.py",
    }


def test_papermill_is_loaded_without_the_grammar_that_takes_seconds_to_build() -> None:
    # jsonschema#1428
    program = (
        "import sys; from evalkit.batch.kernels import execute; execute._papermill()\n"
        "assert 'papermill' in sys.modules and 'lark' not in sys.modules\n"
        "assert 'rfc3987_syntax' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
