"""One document, four formats: every writer reads the same blocks and no other figures."""

from __future__ import annotations

from evalkit.documents.model import Document
from evalkit.project.vocabulary import FormatName


def written(document: Document, format_name: FormatName) -> str | bytes:
    """The document in one format; the libraries of the others are not loaded."""
    if format_name == "html":
        from evalkit.documents.webpages import report_page

        return report_page(document)
    if format_name == "pdf":
        from evalkit.documents.writers.pdf import report_pdf

        return report_pdf(document)
    if format_name == "docx":
        from evalkit.documents.writers.word import report_docx

        return report_docx(document)
    from evalkit.documents.writers.workbook import report_xlsx

    return report_xlsx(document)
