"""Stories told through the chat page, in a real browser."""
