"""The head of the desk's pages, live."""

from centre.domain.places import Name
from components.desk.head import head
from components.view import Panel

PANEL = Panel(id="desk_head", title=Name(zh="页头", en="Head"), render=head)
