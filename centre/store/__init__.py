"""SQLAlchemy Core: tables, write, cubes, queries, migrations. The only room that talks to a database.

    Delivery ── write() ──> one transaction: fence · case · case_version · rejected · cube · cursor
    Part (a sum with an anchor time) ──> cube rows (part, dim, day, unit, key, amount)
    queries.* <── every read, each with a Scope
"""
