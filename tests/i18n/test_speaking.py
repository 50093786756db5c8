"""Speaking the reader's language."""

import asyncio
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatops.i18n import (
    LANGUAGES,
    _,
    clock,
    country,
    current,
    day,
    hour_mark,
    language,
    length,
    moment,
    money,
    negotiate,
    ngettext,
    number,
    oclock,
    weave,
)

INSTANT = datetime(2026, 3, 14, 21, 26, 53, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en-US", "en"),
        ("en-GB", "en"),
        ("zh-CN", "zh_Hans"),
        ("zh_Hant_TW", "zh_Hans"),
        ("es-ES", "es"),
        ("es-LA", "es"),
        ("es_MX", "es"),
        ("th-TH", "th"),
        ("vi-VN", "vi"),
        ("id-ID", "id"),
        ("in-ID", "id"),
        ("ID", "id"),
        ("ms-MY", "ms"),
        ("tl-PH", "fil"),
        ("fil-PH", "fil"),
        ("pt", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("de-DE", "de"),
        ("fr-FR", "fr"),
        ("it-IT", "it"),
        ("ja-JP", "ja"),
        ("ar-EG", "ar"),
        ("ko-KR", "en"),
        ("", "en"),
        ("nonsense", "en"),
        *((name, name) for name in LANGUAGES),
    ],
)
def test_every_locale_finds_its_language(tag: str, expected: str) -> None:
    assert negotiate(tag) == expected


def test_languages_nest_and_end() -> None:
    with language("es-MX"):
        assert _("Undo") == "Deshacer"
        with language("th"):
            assert _("Undo") == "เลิกทำ"
        assert _("Undo") == "Deshacer"
    assert _("Undo") == "Undo"


def test_a_language_ends_even_when_its_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), language("vi"):
        _ = 1 // 0
    assert current() == "en"


async def test_concurrent_readers_do_not_disturb_each_other() -> None:
    met = asyncio.Barrier(len(LANGUAGES))

    async def read(tag: str) -> str:
        with language(tag):
            await met.wait()
            return current()

    assert await asyncio.gather(*map(read, LANGUAGES)) == list(LANGUAGES)


def test_what_others_wrote_is_never_read_as_a_pattern() -> None:
    assert _("{agent} has already claimed this ticket.", agent="{agent.__class__} {0} %s") == (
        "{agent.__class__} {0} %s has already claimed this ticket."
    )


def test_whole_numbers_are_written_as_the_language_writes_them() -> None:
    with language("es"):
        assert number(1_234_567) == "1.234.567"
        assert (
            ngettext("… ({count} more character)", "… ({count} more characters)", 12_345) == "… (12.345 caracteres más)"
        )


@pytest.mark.parametrize(
    ("tag", "one", "several"),
    [
        ("en", "Send as 1 message", "Send as 3 messages"),
        ("es", "Enviar en 1 mensaje", "Enviar en 3 mensajes"),
        ("id", "Kirim sebagai 1 pesan", "Kirim sebagai 3 pesan"),
        ("th", "ส่งเป็น 1 ข้อความ", "ส่งเป็น 3 ข้อความ"),
        ("vi", "Gửi thành 1 tin nhắn", "Gửi thành 3 tin nhắn"),
        ("zh_Hans", "分 1 条发送", "分 3 条发送"),
        ("de", "Als 1 Nachricht senden", "Als 3 Nachrichten senden"),
        ("ja", "1件のメッセージで送信", "3件のメッセージで送信"),
        ("ar", "إرسال في رسالة واحدة (1)", "إرسال في 3 رسائل"),
    ],
)
def test_plurals_follow_the_language(tag: str, one: str, several: str) -> None:
    with language(tag):
        assert ngettext("Send as {count} message", "Send as {count} messages", 1) == one
        assert ngettext("Send as {count} message", "Send as {count} messages", 3) == several


def test_a_woven_sentence_keeps_its_parts_whole_and_where_the_language_wants_them() -> None:
    when = object()
    assert weave("Your answer goes to the buyer at {when}.", when=when) == (
        "Your answer goes to the buyer at ",
        when,
        ".",
    )
    with language("zh-CN"):
        assert weave("Your answer goes to the buyer at {when}.", when=when) == ("你的回复将于 ", when, " 发给买家。")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "Mar 14, 2026, 9:26 PM (UTC)"),
        ("zh_Hans", "2026年3月14日 21:26 (UTC)"),
        ("id", "14 Mar 2026 21.26 (UTC)"),
        ("th", "14 มี.ค. 2026 21:26 (UTC)"),
        ("vi", "21:26 14 thg 3, 2026 (UTC)"),
        ("es", "14 mar 2026, 21:26 (UTC)"),
        ("pt-BR", "14 de mar. de 2026 21:26 (UTC)"),
        ("de", "14.03.2026, 21:26 (UTC)"),
        ("fr", "14 mars 2026, 21:26 (UTC)"),
        ("ja", "2026/03/14 21:26 (UTC)"),
    ],
)
def test_moments_are_written_as_the_language_writes_them(tag: str, expected: str) -> None:
    with language(tag):
        assert plain(moment(INSTANT)) == expected


def test_in_arabic_nothing_that_is_written_from_left_to_right_rearranges_a_sentence() -> None:
    with language("ar"):
        assert _("Said by {agent}", agent="Li") == "البلاغ من \u2068Li\u2069"
        assert _("Said by {agent}", agent="ميا") == "البلاغ من ميا"
        assert _("TikTok is down") == "\u2068TikTok\u2069 متوقف"
        assert _("For example: friday 9 .. monday 9") == "مثلًا: الجمعة \u20689:00\u2069 .. الاثنين \u20689:00\u2069"
    with language("de"):
        assert _("Said by {agent}", agent="Li") == "Gemeldet von Li"


@pytest.mark.parametrize(
    ("tag", "evening"),
    [
        ("en", "8\N{NARROW NO-BREAK SPACE}PM"),
        ("de", "20"),
        ("es", "20"),
        ("id", "20"),
        ("ms", "8\N{NARROW NO-BREAK SPACE}PTG"),
    ],
)
def test_marks_of_a_scale_name_hours_as_sentences_do_without_minutes(tag: str, evening: str) -> None:
    with language(tag):
        assert hour_mark(20) == evening
        for hour in range(24):
            assert hour_mark(hour) == re.sub(r"[:.]00", "", oclock(hour))


def test_moments_can_be_told_in_another_zone() -> None:
    bangkok = ZoneInfo("Asia/Bangkok")
    assert plain(moment(INSTANT, bangkok)) == "Mar 15, 2026, 4:26 AM (+07)"
    assert plain(clock(INSTANT, bangkok)) == "4:26 AM (+07)"
    assert day(INSTANT, bangkok) == "March 15, 2026"


@pytest.mark.parametrize(
    ("tag", "amount", "currency", "expected"),
    [
        ("en", "24.60", "USD", "$24.60"),
        ("es", "24.60", "USD", "24,60 US$"),
        ("id", "125000", "IDR", "Rp125.000"),
        ("vi", "120000", "VND", "120.000 ₫"),
        ("th", "99.50", "THB", "฿99.50"),
        ("en", "-3", "EUR", "-€3"),
        ("en", "a lot", "USD", "a lot USD"),
        ("en", "NaN", "USD", "NaN USD"),
        ("en", "9" * 400, "USD", "9" * 400 + " USD"),
        ("en", "5", "", "5"),
        ("en", "5", "<!here>", "5 <!here>"),
        ("en", "", "", ""),
    ],
)
def test_money_is_written_as_the_language_writes_it(tag: str, amount: str, currency: str, expected: str) -> None:
    with language(tag):
        assert plain(money(amount, currency)) == expected


def test_countries_have_names() -> None:
    with language("es"):
        assert country("TH") == "Tailandia"
        assert country("XYZ") == "XYZ"


def plain(text: str) -> str:
    """Return a text with every kind of blank as a plain one."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("seconds", "tag", "said"),
    [
        (200, "en", "3 min 20 sec"),
        (5_399, "en", "1 hr 29 min"),
        (5_400, "th", "1 ชม. 30 นาที"),
        (5_400, "zh-CN", "1小时30分钟"),
        (5_400, "id", "1 j 30 mnt"),
        (5_400, "vi", "1 giờ 30 phút"),
        (5_400, "es", "1 h 30 min"),
        (86_460, "en", "1 day"),
        (90_061, "es", "1 d 1 h"),
        (5_400, "pt-BR", "1 h 30 min"),
        (5_400, "de", "1 h 30 min"),
        (5_400, "ja", "1時間30分"),
        (5_400, "fil", "1 oras 30 min"),
        (5_400, "ar", "ساعة و30 دقيقة"),
        (180_000, "ar", "يومان وساعتان"),
        (0, "en", "0 sec"),
        (-60, "en", "0 sec"),
    ],
)
def test_a_length_of_time_is_told_in_two_units_and_never_rounded_up(seconds: int, tag: str, said: str) -> None:
    with language(tag):
        assert length(seconds * 1_000 + 999) == said
