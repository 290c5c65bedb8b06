"""Images that stand in for those that cannot be pulled, named as docker-compose.yml names them."""
