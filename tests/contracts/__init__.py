"""Tests of what can be said on the bus."""
