"""Results → released results: the one door between analysis and a reader."""
