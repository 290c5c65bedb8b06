"""Takes what Telegram says of people's doings and puts it on the bus before saying "received"."""
