"""Buttons carry ids only, and no two kinds are mistaken for each other."""

import importlib
import pkgutil

from aiogram.filters.callback_data import CallbackData

import screens
from screens.buttons import PageButton, button
from screens.documents import DocumentButton, TypeButton

LARGEST = 2**63 - 1


def kinds(base: type[CallbackData] = CallbackData) -> list[type[CallbackData]]:
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)
    found = [kind for kind in base.__subclasses__() if kind.__module__.startswith("screens.")]
    return [*found, *(deeper for kind in found for deeper in kinds(kind))]


def test_every_kind_of_button_has_a_prefix_of_its_own() -> None:
    prefixes = [kind.__prefix__ for kind in kinds()]
    assert sorted(prefixes) == sorted(set(prefixes))
    assert TypeButton in kinds()


def test_the_largest_ids_fit() -> None:
    press = DocumentButton(document_id=LARGEST, type_id=LARGEST, offset=LARGEST)
    assert DocumentButton.unpack(button("x", press).action) == press
    turned = TypeButton(type_id=LARGEST, offset=LARGEST)
    assert isinstance(TypeButton.unpack(button("x", turned).action), PageButton)
