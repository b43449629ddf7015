"""SQLAlchemy Core: tables, write, cubes, queries, migrations. No other room talks to a database.

Delivery ── write() ──> one transaction: fence · case · case_version · rejected · cube · cursor
Part (a sum with an anchor time) ──> cube rows (part, dim, day, unit, key, amount)
queries.* <── every read, each with a Scope
"""
