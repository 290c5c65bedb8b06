"""What the acting person has to do, and has done."""

from services.query.calendar import exporting, listing, looking, months, searching, settings
from services.query.calendar.registration import router

__all__ = ["exporting", "listing", "looking", "months", "router", "searching", "settings"]
