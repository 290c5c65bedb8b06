"""The bot service: Telegram's updates in, answers in chat, commands and queries to the bus."""
