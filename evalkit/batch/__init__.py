"""Many projects: planned, run side by side, put in place as wholes, told of."""
