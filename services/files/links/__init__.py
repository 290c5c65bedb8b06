"""Hands out files to whoever has a link, over HTTP, whichever way updates come."""
