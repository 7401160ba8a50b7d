"""State over time after entry or leaving: shares with bounds, curves, days, sustained work."""
