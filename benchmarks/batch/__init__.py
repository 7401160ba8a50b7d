"""Reports of many projects: `evalkit render` beside the ways in which it is usually done."""
