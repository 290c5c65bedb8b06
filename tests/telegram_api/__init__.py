"""The Bot API client against the playground."""
