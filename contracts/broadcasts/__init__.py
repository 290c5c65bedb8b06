"""Broadcasts: mailings to the people who use the other bots."""
