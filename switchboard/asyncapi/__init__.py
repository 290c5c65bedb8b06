"""The AsyncAPI document of all messages, made from the contracts and from who handles them."""
