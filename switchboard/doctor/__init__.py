"""`switchboard doctor`: looks at a running installation and says what to do about what it finds."""
