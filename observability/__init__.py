"""What a process says of itself: log lines and spans, neither of which holds a secret."""
