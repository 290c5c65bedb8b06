"""The playground, asked by real clients over real HTTP."""
