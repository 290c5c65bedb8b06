"""Presses of many people, measured from the update to the answer that the Bot API accepts."""
