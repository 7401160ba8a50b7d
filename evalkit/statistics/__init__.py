"""Tables → results: pure functions, one per named method, each with its source."""
