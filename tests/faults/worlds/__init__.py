"""One real server a file, found by walking: no list to edit."""
