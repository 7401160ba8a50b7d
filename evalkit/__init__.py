"""evalkit: from a participant register to an honest, publishable evaluation.

The public names are loaded on first use (PEP 562), so ``import evalkit`` stays cheap.
"""
