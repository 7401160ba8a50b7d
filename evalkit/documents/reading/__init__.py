"""What `evalkit read` shows: findings as a page, a Word file and lines of a terminal."""
