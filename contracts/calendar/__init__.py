"""Calendar: a person's tasks with deadlines, and reminders that arrive in time."""
