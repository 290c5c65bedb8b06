"""A person's settings as people see them, and what became of a change of them."""

from contracts.people import PersonErased
from contracts.screens import Screen
from screens.opting_out import OptOutButton, category_name, opt_out
from screens.people.buttons import (
    CategoryButton,
    EraseButton,
    LanguageButton,
    MailingsButton,
    QuietHoursButton,
    TimeZoneButton,
)
from screens.people.mailings import mailings, opt_outs_changed
from screens.people.questions import (
    ask_quiet_hours,
    ask_time_zone,
    city,
    no_quiet_hours,
    nobodys_place,
    quiet_hours_label,
    several_places,
    time_zone_label,
    unknown_place,
    wants_hours,
    wants_place,
    zone_choice,
)
from screens.people.roles import role_granted, role_refused, role_revoked
from screens.people.settings import (
    confirm_erasure,
    hours,
    local_time,
    settings,
    settings_changed,
    settings_refused,
)
from screens.texts import Texts

__all__ = [
    "CategoryButton",
    "EraseButton",
    "LanguageButton",
    "MailingsButton",
    "OptOutButton",
    "QuietHoursButton",
    "TimeZoneButton",
    "ask_quiet_hours",
    "ask_time_zone",
    "category_name",
    "city",
    "confirm_erasure",
    "hours",
    "local_time",
    "mailings",
    "no_quiet_hours",
    "nobodys_place",
    "opt_out",
    "opt_outs_changed",
    "person_erased",
    "quiet_hours_label",
    "role_granted",
    "role_refused",
    "role_revoked",
    "settings",
    "settings_changed",
    "settings_refused",
    "several_places",
    "time_zone_label",
    "unknown_place",
    "wants_hours",
    "wants_place",
    "zone_choice",
]


def person_erased(event: PersonErased, say: Texts) -> Screen:
    return Screen(text=say("You are forgotten. Write to me whenever you want to begin anew."))
