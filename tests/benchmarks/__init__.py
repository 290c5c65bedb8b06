"""Benchmarks run, judge rightly, and are what the page shows; how fast anything is stays unsaid."""
