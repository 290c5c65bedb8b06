"""The tables and how they are reached."""
