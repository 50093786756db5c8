"""Nothing a person wrote gets into the log by way of an error, whoever logs it."""

import json
import logging
from collections.abc import Callable

import pytest
import structlog

from chatops import log

pytestmark = pytest.mark.usefixtures("logs_as_before")
WORDS = "I live at 12 Elm Street"


def by_us(error: Exception) -> None:
    structlog.get_logger("chatops.delivery.worker").error("carrier_failed", kind="mirror", exc_info=error)


def by_a_library(error: Exception) -> None:
    logging.getLogger("uvicorn.error").error("Exception in application", exc_info=error)


def fail() -> None:
    """Fail as a database does, which quotes the row."""
    try:
        dict[str, str]()[WORDS]
    except KeyError as first:
        raise ValueError(f"Failing row contains ({WORDS})") from first


@pytest.mark.parametrize("human", [True, False])
@pytest.mark.parametrize("logged", [by_us, by_a_library])
def test_an_error_is_logged_with_its_kind_and_place_but_without_its_message(
    logged: Callable[[Exception], None], human: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up(human=human)
    try:
        fail()
    except ValueError as error:
        logged(error)
    said = capsys.readouterr().err
    assert WORDS not in said
    assert "ValueError" in said
    assert "KeyError" in said
    assert "test_log.py" in said
    if not human:
        assert json.loads(said)["level"] == "error"
