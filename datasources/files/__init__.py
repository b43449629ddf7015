"""Files as rows, for `adapter = "file_drop"`.

folder.py  which file, when it is whole, where it goes ─┐
examine.py bytes -> hash, encoding; whole or Malformed ──┼─> file_drop.py: batches with a cursor
table.py   csv, xlsx ─┐                                  │
lines.py   jsonl ─────┴─> rows, one at a time ───────────┘
"""
