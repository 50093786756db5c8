"""The library of prepared answers follows its file: old texts are kept, and a sign-off is about the text it was for."""

from dataclasses import replace
from datetime import date

import pytest

from chatops.cards import macro_writing
from chatops.catalog import NEW
from chatops.desk import macro_library as library
from chatops.errors import Refusal, Refused, SetupError
from chatops.model import macro as macros
from chatops.model import macro_offer as offers
from chatops.model.agent import Agent
from chatops.rules.macrofile import MacroEntry, SignOff
from chatops.store import Store
from tests.desk.scenes import NOON, TEAM, Desk

REFUND = MacroEntry(
    id="refund",
    name="Refund status",
    folder="Returns",
    owner="Ana",
    review_by=date(2026, 12, 1),
    acts=("level logistics",),
    kinds=("chat",),
    shops=("maomao-gb",),
    keywords={"en": ("money back",)},
    texts={"en": "It is on its way.", "th": "กำลังคืนเงินค่ะ"},
    signed_off={"th": SignOff("Somchai", date(2026, 4, 1))},
)


def told(desk: Desk, *entries: MacroEntry) -> list[str]:
    """What taking these in says it does; a dry run before says the same."""
    planned = library.compare(desk.tx, entries, desk.now)
    done = library.apply(desk.tx, entries, desk.now)
    assert planned == done
    assert library.compare(desk.tx, entries, desk.now) == []
    return [f"{change.sign} {change.what}" for change in done]


def test_what_is_taken_in_can_be_taken_out_again(desk: Desk) -> None:
    assert told(desk, REFUND) == ["+ macro refund (en, th)"]
    assert library.current(desk.tx) == [REFUND]


def test_a_changed_text_is_a_new_version_and_loses_its_sign_off(desk: Desk) -> None:
    told(desk, REFUND)
    desk.passes(days=1)
    better = replace(REFUND, texts={**REFUND.texts, "th": "ดีกว่าเดิมค่ะ"})
    assert told(desk, better) == ["~ macro refund (text th: changed, sign-off th: none (the text is newer))"]
    [before] = macros.before(desk.tx, "refund", "th")
    assert (before.text, before.signed_off_by, before.version) == ("กำลังคืนเงินค่ะ", "Somchai", 1)
    read_again = SignOff("Somchai", desk.now.date())
    assert told(desk, replace(better, signed_off={"th": read_again})) == [
        "~ macro refund (sign-off th: Somchai, 2026-05-05)"
    ]
    assert [text.version for text in macros.texts(desk.tx, "refund")] == [1, 2]


def test_every_other_change_is_named(desk: Desk) -> None:
    told(desk, REFUND)
    changed = replace(
        REFUND,
        owner="Li",
        archived=True,
        acts=(),
        shops=(),
        keywords={},
        texts={"vi": "Đang hoàn tiền ạ"},
        signed_off={},
    )
    assert told(desk, changed) == [
        "~ macro refund (owner: Ana → Li, archived: False → True, acts: level logistics → none, "
        "shops: maomao-gb → none, text vi: new)"
    ]
    held = macros.get(desk.tx, "refund")
    assert held is not None
    assert held.version == 2
    assert sorted(library.current(desk.tx)[0].texts) == ["en", "th", "vi"]  # what a file does not name stays


def test_a_spreadsheet_without_keywords_and_sign_offs_takes_none_away(desk: Desk) -> None:
    told(desk, REFUND)
    sheet = replace(REFUND, texts={**REFUND.texts, "en": "It has left."}, keywords={}, signed_off={})
    assert told(desk, sheet) == ["~ macro refund (text en: changed)"]
    [held] = library.current(desk.tx)
    assert (held.keywords, held.signed_off) == (REFUND.keywords, REFUND.signed_off)


async def test_both_databases_keep_it(store: Store) -> None:
    plain = replace(REFUND, shops=())
    await store.write(library.apply, [plain], NOON)
    changed = replace(plain, texts={**plain.texts, "en": "It has left."})
    assert len(await store.write(library.apply, [changed], NOON)) == 1
    assert await store.read(library.current) == [changed]
    assert await store.read(macros.uses, NOON, ["1"]) == {}
    [before] = await store.read(macros.before, "refund", "en")
    assert (before.text, before.replaced_at) == ("It is on its way.", NOON)
    assert [macro.id for macro in await store.read(offers.fitting, None, "money back", NOON)] == ["refund"]


def test_a_shop_that_nobody_knows_is_said_before_anything_is_changed(desk: Desk) -> None:
    with pytest.raises(SetupError, match="for a shop maomao-mars"):
        library.apply(desk.tx, [REFUND, replace(REFUND, id="other", shops=("maomao-mars",))], desk.now)
    assert library.current(desk.tx) == []


def test_what_a_file_does_not_speak_of_stays(desk: Desk) -> None:
    told(desk, REFUND)
    french = MacroEntry(
        id="refund",
        name="Refund status",
        texts={"fr": "C'est en route."},
        silent=frozenset({"folder", "owner", "acts", "kinds", "shops", "reviewed_on", "review_by", "archived"}),
    )
    assert told(desk, french) == ["~ macro refund (text fr: new)"]
    assert library.current(desk.tx) == [replace(REFUND, texts={**REFUND.texts, "fr": "C'est en route."})]


# Written in chat


def form(**values: str) -> dict[str, str]:
    return {
        "name": "Sorry",
        "folder": "Care",
        "language": "th",
        "keywords": "เสียใจ, ขอโทษ",
        "text": "ขอโทษค่ะ",
        **values,
    }


def test_a_macro_written_in_chat_is_in_the_library_and_another_language_joins_it(desk: Desk) -> None:
    library.write(desk.tx, NEW, form(), desk.now)
    library.write(desk.tx, "sorry", form(language="en", text="Sorry, {buyer.name}!", keywords=""), desk.now)
    [held] = library.current(desk.tx)
    assert (held.id, held.name, held.folder) == ("sorry", "Sorry", "Care")
    assert held.texts == {"en": "Sorry, {buyer.name}!", "th": "ขอโทษค่ะ"}
    assert held.keywords == {"th": ("เสียใจ", "ขอโทษ")}


def test_what_is_changed_in_chat_leaves_the_rest_as_it_was(desk: Desk) -> None:
    told(desk, REFUND)
    library.write(desk.tx, "refund", form(name="Refund", language="en", text="Soon."), desk.now)
    [held] = library.current(desk.tx)
    assert held.texts["en"] == "Soon."
    assert (held.acts, held.owner, held.shops, held.texts["th"]) == (
        REFUND.acts,
        "Ana",
        REFUND.shops,
        REFUND.texts["th"],
    )
    assert [version.text for version in macros.before(desk.tx, "refund", "en")] == ["It is on its way."]


def test_the_same_name_twice_makes_two(desk: Desk) -> None:
    for _ in range(2):
        library.write(desk.tx, NEW, form(), desk.now)
    assert [macro.id for macro in library.current(desk.tx)] == ["sorry", "sorry-2"]


def test_a_macro_may_be_called_new(desk: Desk) -> None:
    for name in ("New", "Other"):
        library.write(desk.tx, NEW, form(name=name), desk.now)
    assert {macro.name for macro in library.current(desk.tx)} == {"New", "Other"}


def test_the_form_saved_as_it_was_opened_changes_nothing(desk: Desk) -> None:
    told(desk, replace(REFUND, texts={"en": "Soon.", "pt-BR": "Em breve."}, keywords={}, signed_off={}))
    before = library.current(desk.tx)
    opened = macro_writing.form(desk.tx, Agent(workspace_id=TEAM, id="ana", locale="pt-BR"), "refund")
    assert opened is not None
    filled = {each.name: each.value for each in opened.inputs}
    assert (filled["language"], filled["text"]) == ("pt-BR", "Em breve.")
    library.write(desk.tx, "refund", filled, desk.now)
    assert library.current(desk.tx) == before


def test_keywords_can_be_taken_out_in_chat(desk: Desk) -> None:
    told(desk, REFUND)
    library.write(desk.tx, "refund", form(language="en", text=REFUND.texts["en"], keywords=" "), desk.now)
    assert library.current(desk.tx)[0].keywords == {}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"text": "Hi {buyer.nmae}"}, Refusal.BAD_VARIABLE),
        ({"text": "Hi {"}, Refusal.BAD_VARIABLE),
        ({"text": "👍" * 1001}, Refusal.MACRO_LENGTH),
        ({"text": " "}, Refusal.MACRO_LENGTH),
        ({"language": "tlh"}, Refusal.STALE),
        ({"name": " "}, Refusal.STALE),
    ],
)
def test_what_cannot_be_sent_is_not_saved(desk: Desk, values: dict[str, str], reason: Refusal) -> None:
    with pytest.raises(Refused) as raised:
        library.write(desk.tx, NEW, form(**values), desk.now)
    assert raised.value.reason == reason
    assert library.current(desk.tx) == []
