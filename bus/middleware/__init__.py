"""What happens around every handler, one concern a file; the listing is the reliability manual."""
