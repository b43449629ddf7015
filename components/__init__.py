"""What a screen is made of. Draws from a Snapshot and a View; no I/O, no clock.

panels/<one>.py  PANEL = Panel(id, title, render)      found, not listed
slots            slot(panel, key): the one place that makes a live id
theme · text · charts · locales/{zh,en}.toml
"""
