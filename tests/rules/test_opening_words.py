"""What is meant for the team stays with the team, whatever a keyboard or an editor makes of the first signs."""

import pytest

from chatops.catalog import Verb, by_words


@pytest.mark.parametrize(
    "opening",
    [
        "// ",
        "//",
        " \n// ",
        "／／",  # as Chinese and Japanese keyboards write it
        "⁄⁄ ",
        "∕∕ ",
        "\u200b// ",
        "\ufeff//",
        "/\u200b/ ",
        "• // ",  # Slack makes a list of "- // …"
        "1. // ",
        "> // ",
        "note: ",
        "NOTE:",
        "Note : ",
        "note：",
        "\u2060note: ",
        "• note: ",
    ],
)
def test_a_note_stays_a_note(opening: str) -> None:
    said, text = by_words(f"{opening}this buyer has cheated us before")
    assert (said.verb, text) == (Verb.NOTE, "this buyer has cheated us before")


@pytest.mark.parametrize("order", ["!claim", "！claim", "\u200b!claim", "!CLAIM now", "• !claim", "!claim\u200b"])
def test_an_order_stays_an_order(order: str) -> None:
    assert by_words(order)[0].verb == Verb.CLAIM


@pytest.mark.parametrize(
    "answer",
    [
        "See https://shop.example/a//b",
        "Notebooks: three left",
        "Please note: it leaves on Monday",
        "1. Open the app\n2. // is not a path",
        "!claiming is not needed",
        "5 / 7 // 3",
        "- first\n- second",
        "",
    ],
)
def test_an_answer_stays_an_answer(answer: str) -> None:
    assert by_words(answer) == (by_words("")[0], answer)
