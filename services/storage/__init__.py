"""Storage: does what commands say, each exactly once, and publishes what came of it."""
