"""The command-line tool: runs Switchboard on one's own machine, and looks after an installation."""
