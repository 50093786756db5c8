"""What tickets are about, by the starter rules in each language, and by rules of one's own."""

from pathlib import Path

import pytest

import chatops
from chatops.errors import SetupError
from chatops.rules import triage
from chatops.rules.languages import LANGUAGES
from chatops.rules.triage import Arrival, Proposal, propose

LEVELS = ("presale", "logistics", "quality", "complaint")
PRIORITIES = ("low", "normal", "high", "urgent")
STARTER = (Path(chatops.__file__).parent / "starter" / "triage.toml").read_text(encoding="utf-8")


def rules(text: str) -> tuple[triage.Rule, ...]:
    return triage.read(text, LEVELS, PRIORITIES)


SAID = {
    "en": ("is it waterproof", "any update on my parcel", "it arrived broken, what now", "I will call my lawyer"),
    "zh": ("这个还有货吗", "我的快递到哪里了", "东西坏了", "再不处理我就投诉"),
    "id": ("ini original kan kak", "paketnya udah sampe mana kak", "barang diterima pecah", "saya lapor polisi"),
    "ms": ("ada stok lagi tak?", "bila barang saya nak sampai", "barang dah rosak masa sampai", "kedai penipu"),
    "th": ("กันน้ำได้ไหม", "ของถึงไหนแล้วคะ", "ได้ของผิดสีค่ะ", "จะแจ้งความแล้วนะ"),
    "vi": ("hàng còn không ạ", "đơn của mình đi tới đâu rồi", "giao sai màu rồi", "shop lừa đảo"),
    "fil": ("magkano po", "nasaan na po order ko", "sira po yung item", "ire-report ko kayo sa dti"),
    "es": ("es resistente al agua?", "donde esta mi pedido", "el paquete llegó roto", "voy a denunciar"),
    "pt": ("tem na cor preta?", "cadê meu pedido?", "chegou quebrado e agora", "vou no procon"),
    "de": ("ist die jacke wasserdicht?", "wo bleibt meine bestellung", "paket ist kaputt", "ich gehe zum anwalt"),
    "fr": ("vous l'avez en noir ?", "où est ma commande", "colis arrivé cassé", "c'est une arnaque"),
    "it": ("ce l'avete in nero", "dov'è il mio ordine", "pacco arrivato rotto", "questa è una truffa"),
    "ja": ("黒はありますか", "いつ届きますか", "壊れていました", "弁護士に相談します"),
    "ar": ("في منه لون اسود؟", "وين طلبي لو سمحت", "وصل المنتج مكسور", "هذا نصاب"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_starter_rules_tell_the_level_in_each_language(language: str) -> None:
    found = [propose(Arrival(text, language), rules(STARTER)).level for text in SAID[language]]
    assert found == list(LEVELS)


@pytest.mark.parametrize("text", ["ok", "thank you so much", "5769238001122", "👍", "hello"])
def test_nothing_is_proposed_for_what_says_nothing(text: str) -> None:
    assert propose(Arrival(text, "en"), rules(STARTER)) == Proposal()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "nó có phụ kiện đi kèm không"),
        ("vi", "kiện hàng màu hồng cho vợ mình, vỏ hộp màu gì"),
        ("vi", "nó chạy êm không, điều kiện đổi trả sao"),
        ("th", "เสียงดังไหม แตกต่างกันยังไง"),
        ("th", "แพ้คอตตอนใส่ได้ไหม"),
        ("en", "Is it smoke grey?"),
        ("en", "Is it a police costume, with fraud protection?"),
        ("en", "When is the late night live, and what is your return policy?"),
        ("es", "¿Tiene demanda este color rojo quemado? ¿no da alergia?"),
        ("zh", "这个质量怎么样，破洞牛仔裤，打破记录"),
        ("zh", "你们地址在哪"),
        ("id", "kurang lebih gitu ya, ga gatal-gatal kan"),
    ],
)
def test_words_that_only_look_alike_raise_nothing(language: str, text: str) -> None:
    found = propose(Arrival(text, language), rules(STARTER))
    assert (found.level in {"", "presale"}, found.priority) == (True, "")


@pytest.mark.parametrize(
    ("language", "text", "level"),
    [
        ("en", "I never got my parcel", "logistics"),
        ("en", "It never came", "logistics"),
        ("en", "Item is the wrong one", "quality"),
        ("zh", "怎么还不发", "logistics"),
        ("vi", "hang bi vo roi shop oi", "quality"),
        ("vi", "nó bị nổ", "complaint"),
    ],
)
def test_what_buyers_say_in_other_words_is_understood(language: str, text: str, level: str) -> None:
    assert propose(Arrival(text, language), rules(STARTER)).level == level


def test_a_threat_or_harm_matters_most_whatever_else_is_said() -> None:
    found = propose(Arrival("It arrived broken and I got a rash, where is my refund?", "en"), rules(STARTER))
    assert (found.level, found.priority) == ("complaint", "urgent")
    assert found.tags == ("safety", "where-is-it")


def test_what_stands_around_the_words_counts_too() -> None:
    assert propose(Arrival("hello", "en", kind="dispute"), rules(STARTER)).level == "complaint"
    assert propose(Arrival("hello", "en", tickets=3), rules(STARTER)).tags == ("regular",)


OWN = """
[[rules]]
id = "paid-and-late"
order = ["AWAITING_SHIPMENT"]
shops = ["maomao-gb"]
markets = ["GB"]
languages = ["en"]
words = { en = ["late"] }
level = "logistics"
priority = "high"
tags = ["late"]
"""


def test_a_rule_asks_for_everything_it_names() -> None:
    fits = Arrival("you are late", "en", order="AWAITING_SHIPMENT", shop="maomao-gb", market="GB")
    assert propose(fits, rules(OWN)) == Proposal(("paid-and-late",), "logistics", "high", ("late",))
    for other in (
        Arrival("you are late", "en", order="DELIVERED", shop="maomao-gb", market="GB"),
        Arrival("you are late", "en", order="AWAITING_SHIPMENT", shop="maomao-de", market="GB"),
        Arrival("you are late", "en", order="AWAITING_SHIPMENT", shop="maomao-gb", market="DE"),
        Arrival("you are late", "de", order="AWAITING_SHIPMENT", shop="maomao-gb", market="GB"),
        Arrival("you are early", "en", order="AWAITING_SHIPMENT", shop="maomao-gb", market="GB"),
    ):
        assert propose(other, rules(OWN)) == Proposal()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rules = 3", "cannot be read"),
        (OWN.replace('"logistics"', '"parcels"'), "has level parcels"),
        (OWN.replace('"high"', '"very high"'), "has priority very high"),
        (OWN.replace('"late"]', '"late", ""]'), "'' says nothing"),
        (OWN + 'kinds = ["chatt"]', "no kind of ticket is called 'chatt'"),
        (OWN.replace('languages = ["en"]', 'languages = ["eng"]'), "no language is called 'eng'"),
        (OWN.replace('"GB"', '"gb"'), "no market is called 'gb'"),
        (OWN + OWN, "two triage rules called paid-and-late"),
        ('[[rules]]\nid = "empty"\nwords = { en = ["late"] }\n', "empty proposes nothing"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(SetupError, match=problem):
        rules(text)
