"""Query: answers questions from PostgreSQL, with a role that can only read."""
