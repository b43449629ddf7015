"""All sources in a table, live; `key` is the one that is opened."""

from centre.domain.places import Name
from components.desk.source_rows import source_table
from components.view import Panel

PANEL = Panel(id="desk_sources", title=Name(zh="数据源表", en="Sources"), render=source_table)
