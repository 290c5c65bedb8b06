"""Notifier: tells chats what they are told unasked, and outcomes that came late."""
