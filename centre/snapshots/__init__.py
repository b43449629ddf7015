"""What all screens show at one moment, how it is sent, and how little of it changes.

collector ── Snapshot(seq) ──> Bus (memory | Redis) ──> each web worker's hub
"""
