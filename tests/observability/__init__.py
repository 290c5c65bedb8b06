"""Logs and traces, and that no secret is in them."""
