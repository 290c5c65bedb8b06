"""Screens are pure functions: what goes in, what is shown."""
