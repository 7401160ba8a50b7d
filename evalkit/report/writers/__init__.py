"""One document, four formats: every writer reads the same blocks and no other figures."""

from __future__ import annotations

from evalkit.project.vocabulary import FormatName
from evalkit.report.documents.model import Document


def written(document: Document, format_name: FormatName) -> str | bytes:
    """The document in one format; the libraries of the others are not loaded."""
    if format_name == "html":
        from evalkit.report.documents.webpages import report_page

        return report_page(document)
    if format_name == "pdf":
        from evalkit.report.writers.pdf import report_pdf

        return report_pdf(document)
    if format_name == "docx":
        from evalkit.report.writers.word import report_docx

        return report_docx(document)
    from evalkit.report.writers.workbook import report_xlsx

    return report_xlsx(document)
