"""The vocabulary: records, places, periods, working days, scope, status. Imports nothing of ours.

raw row ── parse ──> Case | Reading | Asset | Rejected
                          │ unit (places) · times (periods) · due (workdays) · age (status)
"""
