"""The bot's handlers, fed with Telegram's updates one by one, before real services."""
