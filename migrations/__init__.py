"""The tables' history, one branch an app."""
