"""The calendar bot's own rules."""
