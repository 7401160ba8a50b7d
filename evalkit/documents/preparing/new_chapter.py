"""A notebook for a chapter of one's own, with an example of each kind, ready to be run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from evalkit.documents.files.paths import NotFound, notebooks_folder, template_file
from evalkit.language import Language
from evalkit.project import Project, ProjectError, load_project
from evalkit.project.vocabulary import OWN_NAME, TAKEN, is_own, own_notebooks

_TEMPLATE = "own_chapter.ipynb"


def absent_notebooks(project: Project, language: Language) -> Iterator[str]:
    """What stops a draft: chapters of the project's own without a notebook."""
    for chapter in filter(is_own, project.chapters):
        try:
            template_file(chapter, project_folder=project.folder)
        except NotFound as error:
            yield error.in_language(language)


def new_chapter(name: str, project_file: Path) -> Path:
    """Write the notebook beside the project file; of a chapter of evalkit's, the project's own
    version of it.

    Raises:
        ProjectError: For a name that no chapter can have, or a notebook that is there.
    """
    project = load_project(project_file)
    if not re.fullmatch(OWN_NAME, name) or name in TAKEN:
        raise ProjectError.told("chapter_name", name=name, taken=", ".join(sorted(TAKEN)))
    there = [file for file in own_notebooks(name, project.folder) if file.is_file()]
    if there:
        raise ProjectError.told("notebook_there", place=str(there[0]))
    if is_own(name):
        content = (resources.files(__package__) / _TEMPLATE).read_text("utf-8")
        content = content.replace("NAME", name.replace("_", " ").capitalize())
    else:
        content = (notebooks_folder() / f"{name}.ipynb").read_text("utf-8")
    notebook = json.loads(content)
    # Have the parameters name the project file that lies beside the notebook.
    cell = notebook["cells"][0]
    lines = "".join(cell["source"]).splitlines()
    lines = [
        f'project_file: str = "{project_file.name}"  # Path of the project file'
        if line.startswith("project_file")
        else line
        for line in lines
    ]
    cell["source"] = "\n".join(lines)
    file = own_notebooks(name, project.folder)[1]
    file.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file
