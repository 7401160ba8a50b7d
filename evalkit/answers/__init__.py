"""An opened project: its data, its counts and models, and the door they pass."""
