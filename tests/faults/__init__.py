"""Faults of the outside world, met by every adapter alike.

worlds/<adapter>.py   a real server of each adapter, and how to put rows into it: one file each
proxy.py   a TCP proxy that refuses, hangs, drips, resets, garbles, truncates, is slow, flaps
matrix.py  every adapter behind every fault, beside a healthy neighbour, in one collector
drifts.py  twelve ways in which the form of rows changes
payloads.py  answers that nobody should give
"""
