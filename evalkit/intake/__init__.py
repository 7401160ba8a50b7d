"""Files → trusted tables: reading, recognising, checking and pseudonymising registers."""
