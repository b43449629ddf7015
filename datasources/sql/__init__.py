"""Databases as rows, for `adapter = "sql_view"`.

how.py      what [connection] says
dialects.py drivers, read-only sessions, words of errors
door.py     one connection, one short query at a time
shape.py    table or query -> what is selected
   │
   ├─> pages.py ─> keyset.py   by the time of change (place.py, overlap.py: its cursor) ─> batches
   ├─> sweep.py                without one: by the hashes of all rows ─> batches
   └─> count.py                what it holds, by day
moments.py  times of change: earlier, later, as JSON
cells.py    values of drivers -> plain values
"""
