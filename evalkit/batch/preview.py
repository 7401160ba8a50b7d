"""One chapter again on each save, in a browser on this machine: a draft, and marked as one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from evalkit.batch.run import render
from evalkit.documents.files.names import file_name
from evalkit.documents.files.paths import template_file
from evalkit.documents.files.provenance import input_names
from evalkit.language import Language, Texts
from evalkit.project import ProjectError, load_project

LOOPBACK = "127.0.0.1"
_LOOK_SECONDS = 0.5
# The page in its frame keeps its own rule that nothing in it may run.
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>
html, body {{ margin: 0; height: 100%; display: flex; flex-direction: column;
  font-family: sans-serif; }}
p {{ margin: 0; padding: .5rem 1rem; background: #fdf4e7; border-bottom: 2px solid #b84700; }}
iframe {{ border: 0; flex: 1; }}
</style></head><body><p role="status">{note} <span id="said"></span></p>
<iframe id="page" title="{title}" src="page"></iframe><script>
let seen = null;
async function look() {{
  try {{
    const now = await (await fetch("state")).json();
    if (seen !== null && now.version !== seen) {{
      const page = document.getElementById("page"), at = page.contentWindow.scrollY;
      page.onload = () => page.contentWindow.scrollTo(0, at);
      page.contentWindow.location.reload();
    }}
    seen = now.version;
    document.getElementById("said").textContent = now.said;
  }} catch (error) {{ }}
  setTimeout(look, 700);
}}
look();
</script></body></html>"""


class Preview:
    """The chapters of a project as they would stand in its report, made anew when asked."""

    def __init__(
        self, project_file: Path, *, chapters: Sequence[str], output: Path,
        language: Language | None = None, templates: Path | None = None,
    ) -> None:  # fmt: skip
        self.project_file, self._output, self._templates = project_file, output, templates
        project = load_project(project_file)
        self._chapters = tuple(chapters) or project.chapters
        self.language: Language = language or project.languages[0]
        self._page = output / project.id / file_name(self.language, is_appendix=True)
        self.version, self.said = 0, ""

    def watched(self) -> dict[Path, int]:
        """The files that a new page follows from, with when they were last written."""
        files = [self.project_file]
        folder = self.project_file.parent
        try:
            project = load_project(self.project_file)
            files += [folder / n for n in input_names(project, project_file=self.project_file)]
        except (ProjectError, OSError):
            pass  # told when it is rendered
        for chapter in self._chapters:
            try:
                files.append(
                    template_file(chapter, project_folder=folder, templates=self._templates)
                )
            except FileNotFoundError:
                continue
        return {file: _written(file) for file in files}

    def make(self) -> None:
        """Render the chapters as a draft; what fails is said beside the page that stands."""
        self.said = Texts(self.language)["preview.making"]
        outcomes = render(
            [self.project_file], output=self._output, languages=[self.language],
            formats=("html",), appendix_of=self._chapters, workers=1, templates=self._templates,
        )  # fmt: skip
        self.said = "; ".join(
            failure for one in outcomes for failure in (*one.failures, *one.incomplete)
        )
        self.version += 1

    def page(self) -> bytes:
        return self._page.read_bytes() if self._page.is_file() else b""

    def frame(self) -> bytes:
        texts = Texts(self.language)
        parts = {"title": texts["preview.title"], "note": texts["preview.note"]}
        named = {name: escape(text) for name, text in parts.items()}
        return _PAGE.format(language=self.language, **named).encode()


def _written(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def follow(preview: Preview, *, until: Callable[[], bool] = lambda: False) -> None:
    """Make the page anew whenever a file it follows from is saved."""
    before = preview.watched()
    preview.make()
    while not until():
        time.sleep(_LOOK_SECONDS)
        now = preview.watched()
        if now != before:
            before = now
            preview.make()


@contextmanager
def served(preview: Preview, *, port: int = 0) -> Iterator[str]:
    """The address of the page, on the loopback of this machine alone."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # Another site's page may have its own name lead to this machine.
            if self.headers.get("Host", "").rpartition(":")[0] not in (LOOPBACK, "localhost"):
                self.send_error(403)
                return
            state = {"version": preview.version, "said": preview.said}
            answers = {
                "/": ("text/html; charset=utf-8", preview.frame),
                "/page": ("text/html; charset=utf-8", preview.page),
                "/state": ("application/json", lambda: json.dumps(state).encode()),
            }
            if self.path not in answers:
                self.send_error(404)
                return
            kind, content = answers[self.path]
            body = content()
            self.send_response(200)
            for name, value in (
                ("Content-Type", kind), ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
            ):  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Silent: the terminal tells of the chapters."""

    server = ThreadingHTTPServer((LOOPBACK, port), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
