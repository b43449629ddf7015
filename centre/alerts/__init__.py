"""Early warning: what on a snapshot matters, worst first.

Snapshot ── find ──> silent sources · missed targets · surges ──> Snapshot.alerts
"""
