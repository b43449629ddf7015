"""The collector: asks every source in its time and is the only writer of records and cubes.

    schedule ── due ──> worker (one thread a source) ── fetch · map · parse ──> writer (one thread)
                          ^   └ live step first, one history step at a time by grant of filling
    service: one beat a second: ask who is due, wait a moment for their answers, publish a tick

A source that hangs holds its own thread and nobody else's. Nothing of a batch is acknowledged
before its transaction is committed, so a killed collector goes on where the last commit stands.
"""
