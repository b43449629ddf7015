"""What reaches open screens: each looked-at slot drawn once per seq, fanned out to who looks.

bus ── Snapshot ──> hub ── draws the slots of its audiences in a thread ──> frames (LRU)
                     │  the same bytes for every viewer of an audience
                     ├──> GET /stream          server-sent events
                     └──> GET /api/v1/frames   for polling, with ETag
runtime: what pages and callbacks may ask for (city, metrics, panels, engine, snapshot)
"""
