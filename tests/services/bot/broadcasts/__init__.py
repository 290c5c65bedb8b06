"""The broadcasts bot by itself."""
