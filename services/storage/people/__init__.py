"""People are remembered when they write, choose their settings, and are forgotten if they wish."""

from services.storage.people import changing, reachability, remembering, roles
from services.storage.people.registration import Admins, router

__all__ = ["Admins", "changing", "reachability", "remembering", "roles", "router"]
