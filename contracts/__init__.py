"""The language of the system: what can be said on the bus, one module an app."""
