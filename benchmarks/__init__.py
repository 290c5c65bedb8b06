"""Figures, measured: `make bench` runs those of benchmarks/every.py; the rest are scripts."""
