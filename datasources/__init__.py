"""Adapters, one protocol a file: outside world -> plain rows.

DataSource.fetch(cursor, now) ──> Batch(rows, cursor) ── mapping.apply ──> our words ── parse
"""
