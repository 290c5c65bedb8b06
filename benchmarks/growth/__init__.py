"""Whether people and documents, as they become more, slow anything down."""
