"""The documents bot's own rules."""
