"""One family of metrics a file: `METRICS`, a tuple. The registry walks this package; no list.

A family may share a part of another by importing it: the same object, the same cubes.
"""
