"""Everything of Rongzhi that draws nothing; `python -m centre` is the one command line."""
