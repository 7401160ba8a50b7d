"""What `evalkit read` shows: the reader's findings as a page, a Word file and lines of a terminal."""
