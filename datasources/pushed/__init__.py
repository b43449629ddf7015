"""What a pushed request is made of: its signature, and the rows of its body."""
