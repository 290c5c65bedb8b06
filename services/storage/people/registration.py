"""Where the handlers of people are registered."""

from bus import Router
from services.admins import Admins

__all__ = ["ADMIN", "Admins", "router"]

router = Router()

ADMIN = "admin"
"""The role that the settings give."""
