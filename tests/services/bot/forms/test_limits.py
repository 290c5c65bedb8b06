"""What people type is held against the contracts."""

import pytest

from contracts.documents import AddDocument, AddType
from contracts.people import ChangeSettings
from screens.texts import texts
from services.bot.forms.limits import Unfit, cut, fit

EN = texts("en")


def test_a_text_comes_back_on_one_line_and_composed() -> None:
    assert fit(" Blood \n test\u00a0May ", AddDocument, "name", EN) == "Blood test May"
    assert fit("И\u0306ога", AddDocument, "name", EN) == "Йога"


def test_the_limit_is_told_with_its_number() -> None:
    assert fit("x" * 40, AddType, "name", EN) == "x" * 40
    with pytest.raises(Unfit, match="At most 40 characters, please; that was 41"):
        fit("x" * 41, AddType, "name", EN)
    with pytest.raises(Unfit, match="At least 1 character"):
        fit(" \n ", AddType, "name", EN)


def test_a_pattern_is_kept_to() -> None:
    with pytest.raises(Unfit, match="Please answer with a text"):
        fit("\x07", AddType, "name", EN)


def test_a_field_that_may_be_left_out_has_its_limits_all_the_same() -> None:
    with pytest.raises(Unfit, match="At most 64 characters"):
        fit("x" * 65, ChangeSettings, "time_zone", EN)


def test_proposals_are_cut_to_the_limit() -> None:
    assert cut("x" * 200, AddDocument, "name") == "x" * 128
    assert cut("x" * 127 + " y", AddDocument, "name") == "x" * 127
    assert cut("", AddDocument, "name") == ""
    assert cut("\x07", AddDocument, "name") == ""
