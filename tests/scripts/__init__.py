"""Tests of scripts/, each run as a process."""
