"""Tests of the local run and the command-line tool."""
