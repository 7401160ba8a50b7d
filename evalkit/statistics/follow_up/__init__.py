"""Shares when some could not be followed up: what is known, what is possible, what is assumed.

``bounds`` assumes nothing or a stated ratio, and turns the question round (the tipping point);
``imputation`` assumes that those alike in what is known are alike in the rest.
"""
