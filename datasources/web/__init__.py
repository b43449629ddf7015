"""What adapters over HTTP share: one client with a deadline, keys, pages, bodies.

Keys ── what [connection] says         client.Client.get(url) ──> Answer
body.rows(answer) ──> plain rows       seen.Seen ── what of an overlap was delivered already
"""
