"""Office files are zip archives: packed anew with one fixed time, the same bytes every run."""

from __future__ import annotations

import io
import re
import zipfile

_FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip archive can hold


_TEMPLATE, _DOCUMENT = b"wordprocessingml.template.main", b"wordprocessingml.document.main"
_WHOSE = re.compile(rb"<(Manager|Company|HyperlinkBase)\b[^>]*(?<!/)>[^<]*</\1>")


def as_document(template: bytes) -> bytes:
    """A Word template (.dotx) as a document; either without whose machine made it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(target, "w") as packed:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(_TEMPLATE, _DOCUMENT)
            if name == "docProps/app.xml":
                content = _WHOSE.sub(b"", content)
            packed.writestr(name, content)
    return target.getvalue()


def repacked(archive: bytes) -> bytes:
    """The same archive with every member dated alike."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _FIXED)
            is_picture = name.endswith(".png")  # compressed already
            member.compress_type = zipfile.ZIP_STORED if is_picture else zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            packed.writestr(member, source.read(name))
    return target.getvalue()
