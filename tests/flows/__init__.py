"""Each app told as a chat, on all services, real servers and the playground's Bot API."""
