"""The operator's kit: what a system that nobody has seen looks like, and whether a map fits it.

sample ── guess.py (names.toml, times.py, codes.py) ──> Guess a field ── draft.py ──> a source file
sample ── report.py: map, parse, count ──> Report ──> check FILE
"""
