"""One source in full, live; `key` is its id, or the unit it answers for."""

from centre.domain.places import Name
from components.desk.source_rows import one_source
from components.keys import is_source
from components.view import Panel

PANEL = Panel(
    id="desk_source", title=Name(zh="数据源", en="Source"), render=one_source, takes=is_source
)
