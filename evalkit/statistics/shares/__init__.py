"""Shares, their differences and ratios, targets, claims, plans: a function per named method."""
