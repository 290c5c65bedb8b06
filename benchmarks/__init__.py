"""Figures, measured: each script says what it measures and prints medians."""
