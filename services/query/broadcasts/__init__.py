"""Broadcasts: which mailings there are, whom they reach, and how they ended."""

from services.query.broadcasts import audience, looking, recipients
from services.query.broadcasts.registration import router

__all__ = ["audience", "looking", "recipients", "router"]
