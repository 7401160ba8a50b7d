"""Official series brought into the project folder as files; reports are made from the files."""
