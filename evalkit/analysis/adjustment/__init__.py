"""Comparing those who had the programme with those who did not, made alike in what is known."""
