"""Which language a buyer writes in."""

import pytest

from chatops.rules import languages
from chatops.rules.languages import detect, likely


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my parcel?", "en"),
        ("我的快递到哪里了", "zh"),
        ("請問運費怎麼算", "zh"),
        ("好的", "zh"),
        ("paketnya udah sampe mana kak", "id"),
        ("boleh tukar saiz tak, saya tersalah pilih", "ms"),
        ("ส่งฟรีไหมคะ", "th"),
        ("đơn của mình đi tới đâu rồi", "vi"),
        ("kelan po darating yung parcel ko", "fil"),
        ("cuándo me devuelven el dinero", "es"),
        ("chegou quebrado e agora", "pt"),
        ("wann kommt mein geld zurück", "de"),
        ("quand est-ce que je serai remboursée", "fr"),
        ("come faccio a fare il reso", "it"),
        ("まだ在庫ありますか？", "ja"),
        ("وين طلبي لو سمحت", "ar"),
    ],
)
def test_a_buyer_is_understood_in_each_of_the_fourteen(text: str, language: str) -> None:
    assert detect(text, likely=(language,)) == language
    assert detect(text, earlier=language) == language


@pytest.mark.parametrize("text", ["", "ok", "XL", "???", "👍👍👍", "5769238001122", "https://shop.example/abc", "@li"])
def test_what_has_no_language_keeps_what_was_known(text: str) -> None:
    assert detect(text) == ""
    assert detect(text, earlier="th") == "th"


@pytest.mark.parametrize("text", ["안녕하세요 제 주문은 어디에 있나요", "где мой заказ, скажите пожалуйста"])
def test_a_language_of_no_market_of_ours_is_not_taken_for_another(text: str) -> None:
    assert detect(text, likely=("en",)) == ""


def test_a_shops_country_tells_malay_from_indonesian() -> None:
    assert detect("terima kasih, barang cantik sangat", likely("MY", "en")) == "ms"
    assert detect("barang diterima pecah, gimana ini", likely("ID", "id")) == "id"


def test_a_buyer_may_change_to_another_language() -> None:
    assert detect("Sorry, could you answer in English please?", likely("TH", "th"), earlier="th") == "en"


def test_a_foreign_name_or_size_does_not_change_the_language() -> None:
    assert detect("มี iPhone 14 case สีดำไหมคะ") == "th"
    assert detect("有没有黑色的 size M") == "zh"
    assert detect("I ordered the 蓝色雨伞 and it has not arrived yet", likely=("en",)) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我的订单3天了还没发货", "zh"),
        ("รอมา2อาทิตย์แล้วยังไม่ได้ของ", "th"),
        ("注文して3日経ちますがまだ届きません", "ja"),
        ("#你好我的快递呢", "zh"),
    ],
)
def test_a_number_takes_no_language_from_a_script_that_does_not_part_words(text: str, language: str) -> None:
    assert detect(text) == languages.by_script(text) == language


def test_the_script_alone_needs_no_model() -> None:
    assert languages.by_script("Where is my parcel?") == ""
    assert languages.by_script("送料無料", likely=("ja",)) == "ja"


def test_signs_that_both_share_are_chinese_unless_all_else_is_japanese() -> None:
    assert detect("送料無料") == "zh"
    assert detect("送料無料", likely=("ja",)) == "ja"
    assert detect("送料無料", earlier="ja") == "ja"
    assert detect("超级の好用，推荐给大家都来买") == "zh"


def test_what_is_likely_comes_from_the_shops_region_and_its_own_language() -> None:
    assert likely("my", "en-MY") == ("ms", "en", "zh")
    assert likely("", "pt_BR") == ("pt",)


def test_without_the_model_the_script_alone_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_model", lambda: None)
    assert detect("ส่งฟรีไหมคะ") == "th"
    assert detect("Where is my parcel?", likely=("en",)) == ""
    assert detect("Where is my parcel?", earlier="fr") == "fr"
