"""Released results → readable blocks: numbers, sentences, tables and charts in sv and en."""
