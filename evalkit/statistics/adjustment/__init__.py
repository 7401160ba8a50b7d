"""Comparing those who had the programme with those who did not, made alike in what is known.

``groups`` reads the two groups; ``weighting``, ``doubly_robust`` and ``matching`` compare
them, ``balance`` shows how alike they have become.
"""
