"""What commands do in PostgreSQL."""
