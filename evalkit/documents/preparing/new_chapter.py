"""A notebook for a chapter of one's own, with an example of each kind, ready to be run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import get_args

from evalkit.documents.files.paths import NotFound, notebooks_folder, template_file
from evalkit.language import Language, Texts
from evalkit.project import Project, ProjectError, load_project
from evalkit.project.vocabulary import OWN_NAME, TAKEN, is_own, own_notebooks

_TEMPLATE = "own_chapter.ipynb"
_NOTES = ("file", "language", "purpose", "whose", "again", "show", "none")


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
    texts = Texts(project.languages[0])
    if not re.fullmatch(OWN_NAME, name) or name in TAKEN:
        raise ProjectError.told("chapter_name", name=name, taken=", ".join(sorted(TAKEN)))
    there = [file for file in own_notebooks(name, project.folder) if file.is_file()]
    if there:
        raise ProjectError.told("notebook_there", place=str(there[0]))
    if is_own(name):
        content = (resources.files(__package__) / _TEMPLATE).read_text("utf-8")
        content = content.replace("NAME", name.replace("_", " ").capitalize())
        for note in _NOTES:
            content = content.replace(f"NOTE_{note.upper()}", texts[f"own.note.{note}"])
    else:
        content = (notebooks_folder() / f"{name}.ipynb").read_text("utf-8")
    notebook = json.loads(content)
    others = {f"lang:{one}" for one in get_args(Language) if one not in project.languages}
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if not others.intersection(cell["metadata"].get("tags", ()))
    ]
    # Have the parameters name the project file that lies beside the notebook, and its language.
    cell = notebook["cells"][0]
    values = {"project_file": project_file.name, "language": texts.language}
    source = "".join(cell["source"])
    for parameter, value in values.items():
        source = re.sub(f'^({parameter}: str = )"[^"]*"', rf'\1"{value}"', source, flags=re.M)
    cell["source"] = source
    file = own_notebooks(name, project.folder)[1]
    file.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file
