"""Forms: what is left in the dialog slot, limits, and refusals that come late."""
