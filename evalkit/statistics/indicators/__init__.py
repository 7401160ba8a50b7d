"""Common indicators of the Social Fund and two other funders' results, from definitions as data."""
