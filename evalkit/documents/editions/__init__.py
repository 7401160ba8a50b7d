"""What lies beside a report: its manifest, its earlier editions and what became of it."""
