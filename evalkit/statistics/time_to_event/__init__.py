"""Time until people leave: counted once into an event table, then arithmetic on the counts."""
