"""The table of all units, live; `key` is its order, "-received" for the largest first."""

from centre.domain.places import Name
from components.desk.units import sort_of, units_table
from components.view import Panel

PANEL = Panel(
    id="desk_units",
    title=Name(zh="单位表", en="Units"),
    render=units_table,
    takes=lambda _snapshot, view: sort_of(view.key) is not None,
)
