"""The page of all messages on the bus, as an AsyncAPI document describes them."""
