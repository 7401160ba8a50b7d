"""From executed chapters to one document, whatever the file format."""
