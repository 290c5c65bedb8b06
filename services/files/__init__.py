"""Keeps the bytes that people send: from Telegram into object storage, and back again."""
