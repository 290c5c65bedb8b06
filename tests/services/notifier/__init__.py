"""Notifier: what chats are told unasked, in order, within Telegram's limits, once."""
