"""The made-up city behind `adapter = "simulated"`: every case is a pure function of its numbers.

calendar.py  working days and how busy a day is ─┐
shape.py     hours of the day, shares of words ──┼─> day.py: one source, one day, all its lives
life.py      delays of the stages ───────────────┘        │ rows.py: its rows as of a moment
municipal.py calls, services, mailboxes of 12345          └ world.py: what happens between two
"""
