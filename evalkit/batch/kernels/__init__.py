"""One chapter: its notebook run in a kernel of its own, and what of it is kept."""
