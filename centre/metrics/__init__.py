"""What numbers mean: one family a file, found without a list.

families/*.py ── METRICS ──> registry ── parts ──> store.write (cubes)
                                 └── evaluate ──> Cell, Series, Value (API)
"""
