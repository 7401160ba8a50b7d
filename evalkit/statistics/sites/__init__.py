"""Several sites of one project, or several projects: how much they differ beyond chance.

Random effects instead of a league table: sites are taken as drawn from what could have been,
and the question is how wide that is, not who comes first.
"""
