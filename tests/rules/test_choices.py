"""What people choose by words, in the languages of the product, and what the product itself tells them to write."""

import re
from datetime import timedelta

import pytest

from chatops.cards.commands import EXPLANATIONS
from chatops.cards.refusals import why_refused
from chatops.errors import Refusal, Refused
from chatops.i18n import LANGUAGES, language, language_name
from chatops.rules import choices
from chatops.rules.languages import LANGUAGES as SPOKEN
from chatops.rules.snooze import until
from chatops.rules.spans import span
from chatops.words import LEVELS, PRIORITIES
from tests.rules.test_snooze import BANGKOK, NOW


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_what_the_card_says_may_be_typed(tongue: str) -> None:
    with language(tongue):
        for level, said in LEVELS.items():
            assert choices.choice(said(), choices.LEVELS) == level.value, said()
        for priority, called in PRIORITIES.items():
            assert choices.choice(called(), choices.PRIORITIES) == priority.value, called()
        for code in SPOKEN:
            assert choices.choice(language_name(code), choices.LANGUAGES) == code, language_name(code)


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_what_is_given_as_an_example_is_understood(tongue: str) -> None:
    with language(tongue):
        unclear = why_refused(Refused(Refusal.WHEN_UNCLEAR))
        hint, levels, queues = (EXPLANATIONS[name]() for name in ("snooze when", "level level", "queue which"))
        swap, override, absent = (
            EXPLANATIONS[f"oncall {name}"]() for name in ("swap shift", "override span", "absent span")
        )
    for said in (unclear, hint.rpartition("off")[0]):
        examples = re.split(r"(?<!\d)[:：](?!\d)", said)[-1].replace("เช่น", "").replace("หรือ", "")
        for words in list(filter(None, re.split(r"[,、.。،]\s*", examples)))[:3]:
            assert until(words, NOW, BANGKOK), words
    assert until(re.split(r"[.。]|\s(?=ปล่อย)", swap.rpartition("@Noor")[2])[0], NOW, BANGKOK), swap
    for words, hours in (override.rpartition("@Noor")[2], 8), (re.split(r"[:：]|เช่น", absent, maxsplit=1)[-1], 72):
        found = span(words.removesuffix("。"), NOW, BANGKOK)
        assert found is not None, words
        assert found[1] - found[0] == timedelta(hours=hours), words
    for table, told in ((choices.LEVELS, levels), (choices.QUEUES, queues)):
        pieces = re.split(r"\b(?:or|o|ou|oder|atau)\b|或|أو|[,、()（）]", told)
        words = [word for piece in pieces for word in (piece, *piece.split())]
        assert {choices.choice(word, table) for word in words} >= set(table), told


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("urgent", "urgent"),
        (" URGENT ", "urgent"),
        ("ur", "urgent"),
        ("khan", "urgent"),
        ("none", ""),
        ("-", ""),
        ("ไม่มี", ""),
        ("", None),
        ("h l", None),
        ("highest", None),
    ],
)
def test_one_of_a_few_is_chosen_and_nothing_is_guessed(words: str, meant: str | None) -> None:
    assert choices.choice(words, choices.PRIORITIES) == meant


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("team night shift", "night shift"),
        ("#returns", "returns"),
        ("团队 夜班", "夜班"),
        ("ทีม: กะดึก", "กะดึก"),
        ("Equipo  noche", "noche"),
        ("équipe nuit", "nuit"),
        ("فريق الليل", "الليل"),
        ("teamwork", None),
        ("team", None),
        ("noor", None),
    ],
)
def test_a_team_is_called_one(words: str, name: str | None) -> None:
    assert choices.team(words) == name


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("vip", (["vip"], [])),
        ("+VIP -late", (["vip"], ["late"])),
        ("#พัสดุ, 包裹、-đổi-trả", (["พัสดุ", "包裹"], ["đổi-trả"])),
        ("vip vip", (["vip", "vip"], [])),
        ("", None),
        ("-", None),
        ("a<b", None),
        ("@here", None),
        ("x" * 25, None),
    ],
)
def test_tags_are_words(words: str, found: tuple[list[str], list[str]] | None) -> None:
    assert choices.tags(words) == found


@pytest.mark.parametrize("words", ["pre sale", "Pre-Sale", "presale", "Complaints", "defects"])
def test_levels_are_understood_as_people_spell_them(words: str) -> None:
    assert choices.choice(words, choices.LEVELS)


@pytest.mark.parametrize(
    ("words", "meant"), [("en-GB", "en"), ("zh-CN", "zh"), ("pt_BR", "pt"), ("zh-Hans-CN", "zh"), ("xx-YY", None)]
)
def test_a_language_may_be_named_as_devices_do(words: str, meant: str | None) -> None:
    assert choices.choice(words, choices.LANGUAGES) == meant
