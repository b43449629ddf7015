"""A count of the navigation, live; `key` says which."""

from centre.domain.places import Name
from components.desk.head import count, is_count
from components.view import Panel

PANEL = Panel(id="desk_count", title=Name(zh="计数", en="Count"), render=count, takes=is_count)
