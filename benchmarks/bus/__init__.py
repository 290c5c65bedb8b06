"""How fast the bus is beside what one would use instead."""
