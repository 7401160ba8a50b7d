"""What was to be expected of those who took part, and what came of it beside that.

``verdict`` says what to expect of each person, and sets the outcome beside it:
indirect standardisation. Direct standardisation stands in ``shares.standardised``.
"""
