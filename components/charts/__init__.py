"""Drawings. `svg` draws what cards carry (crisp, coloured by CSS, the same in /embed);
`figures` makes plotly figures as plain dicts. Each has a text that says the same.
"""
