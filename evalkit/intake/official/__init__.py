"""Official statistics as their services answer, read into area, period and value as text."""
