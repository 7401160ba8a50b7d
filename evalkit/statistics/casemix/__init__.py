"""What was to be expected of those who took part, and what came of it beside that.

``reference`` says what to expect of each person, ``verdict`` sets the outcome beside it:
indirect standardisation. Direct standardisation stands in ``shares.standardised``.
"""
