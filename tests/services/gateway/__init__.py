"""Updates taken in, by polling and by webhook."""
