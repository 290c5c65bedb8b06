"""Bytes from Telegram into object storage, and back."""
