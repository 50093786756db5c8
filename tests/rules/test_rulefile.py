"""One rule of a file is changed; whatever else stands there stays to the letter."""

import tomllib

import pytest

from chatops.errors import BadRule, Refusal
from chatops.model import rulebook
from chatops.model.rulebook import RulebookName
from chatops.rules import lint, rulefile

BOOK = """# Our rules.

# Said too often.
[[rules]]
id = "first"   # the oldest
level = "presale"
[rules.words]
en = ["one", "[[rules]]"]

[[rules]]
id = "second"
tags = ["b"]
"""


def test_a_rule_is_shown_as_it_is_written_with_the_remark_above_it() -> None:
    found = rulefile.texts(BOOK)
    assert list(found) == ["first", "second"]
    assert found["first"].startswith('# Said too often.\n[[rules]]\nid = "first"   # the oldest\n')
    assert found["second"].strip() == '[[rules]]\nid = "second"\ntags = ["b"]'


def test_another_text_stands_in_its_place_and_the_rest_stays_to_the_letter() -> None:
    changed = rulefile.replaced(BOOK, "second", '[[rules]]\nid = "second"\ntags = ["c"]\n')
    assert changed == BOOK.replace('["b"]', '["c"]')
    assert rulefile.replaced(BOOK, "second", rulefile.texts(BOOK)["second"]) == BOOK


def test_nothing_takes_a_rule_out_and_a_new_one_comes_first() -> None:
    assert list(rulefile.texts(rulefile.replaced(BOOK, "first", "  \n"))) == ["second"]
    more = rulefile.replaced(BOOK, "", 'id = "third"\ntags = ["x"]')
    assert list(rulefile.texts(more)) == ["third", "first", "second"]
    assert more.startswith('# Our rules.\n\n[[rules]]\nid = "third"')
    none = rulefile.replaced(rulefile.replaced(BOOK, "first", ""), "second", "")
    assert tomllib.loads(none) == {"rules": []}
    assert list(rulefile.texts(rulefile.replaced(none, "", 'id = "new"\ntags = ["x"]'))) == ["new"]


def test_quotation_marks_that_a_phone_bent_are_made_straight_where_only_that_helps() -> None:
    bent = rulefile.replaced(BOOK, "second", "[[rules]]\nid = “second”\ntags = [„c“]".replace("„c“", "“c”"))
    assert tomllib.loads(bent)["rules"][1] == {"id": "second", "tags": ["c"]}
    kept = rulefile.replaced(BOOK, "second", '[[rules]]\nid = "second"\ntags = ["“c”"]')
    assert tomllib.loads(kept)["rules"][1]["tags"] == ["“c”"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[rules]]\nid = ", Refusal.RULE_UNREADABLE),
        ('title = "x"\n[[rules]]\nid = "a"', Refusal.RULE_UNREADABLE),
        ("just words", Refusal.RULE_UNREADABLE),
    ],
)
def test_what_is_no_rule_is_refused(text: str, reason: Refusal) -> None:
    with pytest.raises(BadRule) as refused:
        rulefile.replaced(BOOK, "first", text)
    assert refused.value.why.reason is reason


def test_a_book_that_is_written_in_another_way_is_written_anew_and_means_the_same() -> None:
    first = '{ id = "a", words = { "*" = ["x \\"y\\""], zh = ["你"] }, tags = ["t"] }'
    inline = f'rules = [{first}, {{ id = "b", level = "quality" }}]'
    assert list(rulefile.texts(inline)) == ["a", "b"]
    same = rulefile.replaced(inline, "a", rulefile.texts(inline)["a"])
    assert tomllib.loads(same) == tomllib.loads(inline)


@pytest.mark.parametrize("name", RulebookName)
def test_every_rule_that_comes_with_the_product_is_put_back_as_it_was(name: RulebookName) -> None:
    book = rulebook.starter(name)
    for rule, text in rulefile.texts(book).items():
        assert tomllib.loads(rulefile.replaced(book, rule, text)) == tomllib.loads(book)
    if name is RulebookName.LINT:
        assert [rule.id for rule in lint.read(book)] == list(rulefile.texts(book))
