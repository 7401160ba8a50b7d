"""The one error of this room: a sentence for the evaluator, never a person's value."""

from __future__ import annotations


class IntakeError(ValueError):
    """A file that cannot be used. The message is one clear sentence that names the file."""
