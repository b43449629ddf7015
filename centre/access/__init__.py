"""Identity, roles, tokens, audit: who asks, and what they may see."""
