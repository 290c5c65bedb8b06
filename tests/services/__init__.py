"""Every service, its handlers and its settings."""
