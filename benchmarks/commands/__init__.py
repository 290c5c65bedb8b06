"""A command that ends in a commit, beside HTTP services that do the same to the same tables."""
