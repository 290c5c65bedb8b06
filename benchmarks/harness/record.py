"""What a run of a benchmark found, as a file keeps it: tables, charts and pages need nothing else.

The figures of a repetition are by variant and figure, as `c128 rate`.
"""

from pathlib import Path

import msgspec

from benchmarks.harness.description import Column, Goal

DIGITS = 4


class RecordedVariant(msgspec.Struct, frozen=True):
    """A variant in words; `absent` says why it was not measured.

    `against` is as a `Variant` has it.
    """

    name: str
    guarantees: str
    absent: str = ""
    against: str = ""


class Made(msgspec.Struct, frozen=True):
    """On what a record was made, and how thoroughly."""

    machine: dict[str, str]
    versions: dict[str, str]
    quick: bool


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A benchmark as it was run, with all that was measured."""

    name: str
    title: str
    work: str
    variants: list[RecordedVariant]
    goals: list[Goal]
    against: str
    columns: list[Column]
    compared: list[Column]
    drawn: list[Column]
    made: Made
    repetitions: list[dict[str, dict[str, float]]]

    def values(self, variant: str, figure: str) -> list[float]:
        """Return a figure of a variant in each repetition that has it."""
        found = (repetition.get(variant, {}).get(figure) for repetition in self.repetitions)
        return [value for value in found if value is not None]

    def ratios(self, of: str, against: str, figure: str) -> list[float]:
        """Return the ratio of two variants within each repetition that has both."""
        found = []
        for repetition in self.repetitions:
            one = repetition.get(of, {}).get(figure)
            other = repetition.get(against, {}).get(figure)
            if one is not None and other:
                found.append(one / other)
        return found


def write(record: Record, directory: Path) -> None:
    """Write `<name>.json`, with figures as exact as they are worth."""
    rounded = msgspec.structs.replace(
        record,
        repetitions=[
            {
                variant: {name: float(f"{value:.{DIGITS}g}") for name, value in figures.items()}
                for variant, figures in repetition.items()
            }
            for repetition in record.repetitions
        ],
    )
    directory.mkdir(parents=True, exist_ok=True)
    lines = msgspec.json.format(msgspec.json.encode(rounded), indent=1)
    (directory / f"{record.name}.json").write_bytes(lines + b"\n")


def read_all(directory: Path) -> list[Record]:
    """Return the records of a directory by name."""
    files = sorted(directory.glob("*.json"))
    return [msgspec.json.decode(file.read_bytes(), type=Record) for file in files]
