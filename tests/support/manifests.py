"""Manifests as evalkit writes them, for tests of what reads them."""

from __future__ import annotations

from typing import Any

DIGEST = "0" * 64


def entry(**given: Any) -> dict[str, Any]:
    """A report in place."""
    return {
        "status": "rendered",
        "reason": "",
        "finished": "2019-07-01T12:00:00+00:00",
        "parameters": {"language": "sv"},
        "inputs": [{"name": "project.yaml", "sha256": DIGEST}],
        "packages": {"python": "3.11"},
        "chapters": [],
        "headlines": [],
        "outputs": {"report.sv.html": DIGEST},
        "fingerprint": DIGEST,
        "links": [],
        "figures": [],
        "previous": {},
        "data_cut": "2019-06-30",
        **given,
    }


def chapter_entry(name: str = "participants", **given: Any) -> dict[str, Any]:
    return {
        "name": name, "status": "executed", "reason": "", "seconds": 1.0,
        "fingerprint": DIGEST, **given,
    }  # fmt: skip


def content_of(name: str, reports: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A whole manifest."""
    return {
        "id": name,
        "title": {"sv": name.capitalize(), "en": f"The {name}"},
        "summary": {"sv": "En insats.", "en": "A programme."},
        "period": ["2018-01-01", "2018-12-31"],
        "data_cut": "2019-06-30",
        "is_synthetic": True,
        "disclosure_profile": "standard",
        "project_file_sha256": DIGEST,
        "code": DIGEST,
        "asks": {
            "languages": ["sv", "en"],
            "formats": ["html"],
            "chapters": ["participants"],
            "inputs": ["project.yaml"],
            "has_register": True,
        },
        "reports": reports,
        "appendices": {},
        **given,
    }
