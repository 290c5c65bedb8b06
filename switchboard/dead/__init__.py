"""`switchboard dead`: looks at dead letters, sends them again, or drops them."""
