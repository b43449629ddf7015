"""What is fast, and against what: every claim of speed in this project is a line of this room.

python -m bench            all
python -m bench ingest     one
"""
