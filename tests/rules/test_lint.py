"""What an answer must not say: the starter rules in each language, and what they let through."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

import chatops
from chatops.errors import SetupError
from chatops.rules import lint, wording
from chatops.rules.languages import LANGUAGES
from chatops.rules.lint import Severity

STARTER = lint.read((Path(chatops.__file__).parent / "starter" / "lint.toml").read_text(encoding="utf-8"))
RULE = """
[[rules]]
id = "discount"
about = "promise"
severity = "warn"
source = "our own"
reviewed = 2026-01-01
review_by = 2027-01-01
"""


def found(text: str, language: str = "", **facts: str) -> list[str]:
    """Return which starter rules an answer hits, each once."""
    return list(dict.fromkeys(hit.rule.id for hit in lint.check(text, STARTER, language=language, **facts)))


HITS = {
    "en": {
        "cure": "This cream cures eczema in a week",
        "contact-elsewhere": "Just message us on WhatsApp",
        "payment-elsewhere": "Please pay us directly, it is cheaper",
        "paid-review": "Leave a review and get a free gift",
        "secrets": "Please send us your verification code",
        "promise": "We guarantee it is there on Friday",
        "cannot": "Sorry, we cannot change that",
    },
    "zh": {
        "cure": "这款药膏可以根治湿疹",
        "contact-elsewhere": "亲，加微信详聊",
        "payment-elsewhere": "您可以支付宝转账给我们",
        "paid-review": "给五星并晒图，马上返现哦",
        "secrets": "请把验证码发给我",
        "promise": "我们保证明天到",
        "cannot": "抱歉我们无法修改",
    },
    "id": {
        "cure": "Krim ini menyembuhkan eksim kak",
        "contact-elsewhere": "Chat WA aja ya kak",
        "payment-elsewhere": "Silakan transfer ke rekening toko",
        "paid-review": "Kasih bintang 5 nanti dapat voucher",
        "secrets": "Tolong kirim kode OTP nya",
        "promise": "Pasti sampai besok kak",
        "cannot": "Maaf tidak bisa kak",
    },
    "ms": {
        "cure": "Krim ni boleh menyembuhkan ekzema",
        "contact-elsewhere": "Wasap kami untuk order",
        "payment-elsewhere": "Bank in dulu ya",
        "paid-review": "Bagi 5 bintang dan dapat baucar",
        "secrets": "Hantar kod OTP kepada kami",
        "promise": "Pasti sampai esok",
        "cannot": "Maaf tak boleh ya",
    },
    "th": {
        "cure": "ครีมนี้รักษาสิวหายขาดค่ะ",
        "contact-elsewhere": "แอดไลน์มาได้เลยค่ะ",
        "payment-elsewhere": "โอนตรงถูกกว่าค่ะ",
        "paid-review": "รีวิวแล้วรับส่วนลดไปเลย",
        "secrets": "ขอรหัส OTP หน่อยค่ะ",
        "promise": "การันตีถึงพรุ่งนี้ค่ะ",
        "cannot": "ทางร้านไม่สามารถเปลี่ยนให้ได้ค่ะ",
    },
    "vi": {
        "cure": "Kem này chữa khỏi mụn ạ",
        "contact-elsewhere": "Bạn nhắn Zalo cho shop nhé",
        "payment-elsewhere": "Bạn chuyển khoản trước giúp shop",
        "paid-review": "Đánh giá 5 sao shop tặng quà ạ",
        "secrets": "Cho shop xin mã OTP nhé",
        "promise": "Shop cam kết mai tới ạ",
        "cannot": "Shop không thể đổi ạ",
    },
    "fil": {
        "cure": "Nakakagaling po ito ng eczema",
        "contact-elsewhere": "Message po kayo sa FB namin",
        "payment-elsewhere": "I-GCash nyo na lang po",
        "paid-review": "Mag review po kayo para may libre",
        "secrets": "Pakisend po ang OTP mo",
        "promise": "Garantisado po bukas nandyan na",
        "cannot": "Hindi po namin kaya yan",
    },
    "es": {
        "cure": "Esta crema cura el eccema",
        "contact-elsewhere": "Compra en nuestra web y listo",
        "payment-elsewhere": "Haz una transferencia y te lo mando",
        "paid-review": "Deja una reseña y recibe un regalo",
        "secrets": "Mándanos el código de verificación",
        "promise": "Te prometo que llega el viernes",
        "cannot": "Lo siento, no podemos cambiarlo",
    },
    "pt": {
        "cure": "Esse creme cura o eczema",
        "contact-elsewhere": "Chama no zap que é mais rápido",
        "payment-elsewhere": "Faz um pix pra gente",
        "paid-review": "Faça uma avaliação e ganhe um brinde",
        "secrets": "Manda o código de verificação",
        "promise": "Garantimos que chega sexta",
        "cannot": "Infelizmente não conseguimos trocar",
    },
    "de": {
        "cure": "Die Creme heilt Ekzeme",
        "contact-elsewhere": "Bestellen Sie auf unserer Webseite",
        "payment-elsewhere": "Überweisen Sie den Betrag bitte",
        "paid-review": "Für eine Bewertung gibt es einen Gutschein",
        "secrets": "Schicken Sie uns den Bestätigungscode",
        "promise": "Das kommt garantiert am Freitag",
        "cannot": "Das ist leider nicht möglich",
    },
    "fr": {
        "cure": "Cette crème guérit l'eczéma",
        "contact-elsewhere": "Commandez sur notre site",
        "payment-elsewhere": "Faites un virement",
        "paid-review": "Laissez un avis et recevez un cadeau",
        "secrets": "Envoyez-nous le code de vérification",
        "promise": "Je vous promets une livraison vendredi",
        "cannot": "Désolé, nous ne pouvons pas le changer",
    },
    "it": {
        "cure": "Questa crema guarisce l'eczema",
        "contact-elsewhere": "Ordini dal nostro sito",
        "payment-elsewhere": "Fai un bonifico e spediamo",
        "paid-review": "Lascia una recensione e ricevi un regalo",
        "secrets": "Ci mandi il codice di verifica",
        "promise": "Garantiamo la consegna venerdì",
        "cannot": "Purtroppo non possiamo cambiarlo",
    },
    "ja": {
        "cure": "このクリームで湿疹が治ります",
        "contact-elsewhere": "公式LINEにご連絡ください",
        "payment-elsewhere": "銀行振込でお願いします",
        "paid-review": "レビューを書いていただくとクーポンを差し上げます",
        "secrets": "認証コードを教えてください",
        "promise": "金曜日に必ず届きます",
        "cannot": "申し訳ございません、変更できません",
    },
    "ar": {
        "cure": "هذا الكريم يعالج الأكزيما",
        "contact-elsewhere": "تواصل معنا على واتساب",
        "payment-elsewhere": "حول المبلغ ونرسل لك الطلب",
        "paid-review": "اكتب تقييم واحصل على هدية",
        "secrets": "ارسل لنا رمز التحقق",
        "promise": "نضمن وصوله يوم الجمعة",
        "cannot": "للأسف لا يمكننا التغيير",
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_starter_rules_know_each_language(language: str) -> None:
    for rule, text in HITS[language].items():
        assert found(text, language) == [rule], text
        assert rule in found(text), f"{text} (its language not known)"


FINE = [
    ("en", "Hi Mia! Your parcel left us on 12.05.2026 and should reach you by 15.05.2026 😊"),
    ("en", "Track it here: https://www.royalmail.com/track-your-item"),
    (
        "en",
        "Your order 576923800112233445 is on its way, [smile]. Thank you for your review! Your refund is confirmed.",
    ),
    ("en", "We cannot repair it, but we can send you a new one today."),
    ("en", "It fits XXL and XXXL, and the OK from TikTok Shop is there: https://shop.tiktok.com/view/product/123"),
    ("zh", "您好，退款会在5个工作日内原路退回。感谢您的好评！"),
    ("id", "Halo kak, pesanannya sudah dikirim dan akan sampai dalam 3 hari ya 😊"),
    ("ms", "Hai! Barang dah dipos, boleh semak tracking dalam apl ya"),
    ("th", "สวัสดีค่ะ ทางร้านส่งของแล้วนะคะ ขอบคุณสำหรับรีวิวค่ะ 🙏"),
    ("vi", "Dạ shop đã gửi hàng rồi ạ, bạn chờ 2-3 ngày nhé ❤️"),
    ("fil", "Hi po! Naipadala na po ang order ninyo, salamat po!"),
    ("es", "¡Hola! El reembolso ya está en camino. Gracias por tu reseña."),
    ("pt", "Oi! Seu pedido já saiu, chega em até 3 dias. Obrigada!"),
    ("de", "Guten Tag, Ihre Sendung ist unterwegs. Vielen Dank für die Bewertung."),
    ("fr", "Bonjour, votre colis est parti ce matin. Merci pour votre avis !"),
    ("it", "Buongiorno, per la cura della pelle consigliamo la taglia da 50 ml."),
    ("ja", "お問い合わせありがとうございます。明日発送いたします。"),
    ("ar", "مرحبا، تم شحن طلبك وسيصل خلال ثلاثة أيام"),
]


FINE += [
    ("en", "We'll review your photos and refund you"),
    ("en", "We review it and send a replacement for free"),
    ("en", "We review your case and offer a coupon"),
    ("en", "Your refund goes back to the PayPal account you paid with"),
    ("en", "Never share your password or a verification code with anybody"),
    ("en", "It is a messenger bag in black, 10% off TikTok Shop orders"),
    ("en", "Our website name is printed on the label; let the cream cured well for a night"),
    ("en", "I can't wait for you to try it! It has a 2-year guarantee"),
    ("en", "It arrives on 05-06-2026 10:00, and your bank in 3 to 5 days has it"),
    ("zh", "感谢您的好评，我们送您的优惠券在账户里"),
    ("zh", "退款会原路退回您的支付宝"),
    ("zh", "请不要把验证码告诉任何人"),
    ("id", "Kami review foto, kami kirim hadiah pengganti ya kak"),
    ("id", "Terima kasih ulasan kakak, voucher ada di akun"),
    ("id", "Jangan berikan kode OTP ke siapa pun ya kak"),
    ("th", "เงินคืนเข้าพร้อมเพย์ของคุณลูกค้าแล้วค่ะ คืนเงินเรียบร้อย"),
    ("th", "อย่าบอกรหัส OTP กับใครนะคะ"),
    ("vi", "Bên em đánh giá tình trạng sản phẩm và hoàn tiền ạ"),
    ("vi", "Bạn không gửi mã OTP cho ai nhé, bên em không thu thêm phí"),
    ("es", "El reembolso llega a tu PayPal o Bizum. ¡Imposible no enamorarse!"),
    ("es", "Nunca compartas tu contraseña con nadie"),
]


@pytest.mark.parametrize(("language", "text"), FINE)
def test_what_good_agents_write_passes(language: str, text: str) -> None:
    assert found(text, language, expected=language) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Call the courier: +44 20 7946 0018", "phone-or-email"),
        ("Hubungi kurir di 0812-3456-7890 ya", "phone-or-email"),
        ("Write to help@shop.example", "phone-or-email"),
        ("Is it card 4111 1111 1111 1111?", "card-number"),
        ("Is it DE89370400440532013000?", "card-number"),
        ("maomao.com has it cheaper", "page-elsewhere"),
        ("See https://deals.example/half-price", "page-elsewhere"),
        ("THIS IS THE LAST TIME WE ANSWER", "capitals"),
        ("Hi {buyer.name}, thanks for writing", "leftover"),
        ("Hi [Name], thanks for writing", "leftover"),
        ("Your number is XXXXXX", "leftover"),
    ],
)
def test_what_has_a_shape_is_found_in_every_language(text: str, rule: str) -> None:
    assert rule in found(text)


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [
        ("en", "Follow our Insta for more", "contact-elsewhere"),
        ("en", "It is cheaper on Amazon", "contact-elsewhere"),
        ("en", "Text me on +44 7700 900123", "contact-elsewhere"),
        ("es", "Escríbenos por Instagram", "contact-elsewhere"),
        ("id", "Cek IG kami ya", "contact-elsewhere"),
        ("id", "Chat di WA ya kak", "contact-elsewhere"),
        ("vi", "ib fb shop nhé", "contact-elsewhere"),
        ("zh", "vx: maomao", "contact-elsewhere"),
        ("zh", "小红书搜我们", "contact-elsewhere"),
        ("th", "ไลน์ @maomao", "contact-elsewhere"),
        ("zh", "扫码付款更便宜", "payment-elsewhere"),
        ("th", "โอนเข้าบัญชี 123-4-56789-0", "payment-elsewhere"),
        ("id", "Transfer ke BCA 1234567 ya", "payment-elsewhere"),
        ("en", "Give us five stars and you'll receive a free item", "paid-review"),
        ("en", "It will heal your skin", "cure"),
        ("en", "It treats your acne", "cure"),
    ],
)
def test_ways_around_a_rule_are_known(language: str, text: str, rule: str) -> None:
    assert rule in found(text, language)


def test_while_its_language_is_not_known_an_answer_is_taken_for_one_of_those_that_are_used_there() -> None:
    assert [hit.rule.id for hit in lint.check("Reviewed by your bank in 3 days", STARTER)] == ["payment-elsewhere"]
    assert lint.check("Reviewed by your bank in 3 days", STARTER, among=("en", "th")) == []


def test_an_answer_in_another_language_than_the_buyers_is_noticed() -> None:
    assert found("It is on its way", "en", expected="th") == ["language"]
    assert found("It is on its way", "en", expected="") == []
    assert found("OK 👍", "", expected="th") == []


def test_what_must_be_approved_comes_first_and_the_place_is_told() -> None:
    text = "I can't say more here, add me on Télégram"
    hits = lint.check(text, STARTER, language="en")
    assert [(hit.rule.severity, text[hit.span.start : hit.span.end]) for hit in hits] == [
        (Severity.BLOCK, "add me on"),
        (Severity.BLOCK, "Télégram"),
        (Severity.WARN, "I can't"),
    ]


def test_a_rule_may_be_for_some_markets_or_shops_only() -> None:
    rules = lint.read(RULE + 'words = {"*" = ["half price"]}\nmarkets = ["US"]\nshops = ["maomao-us"]\n')
    assert lint.check("Half price!", rules, market="US", shop="maomao-us")
    assert not lint.check("Half price!", rules, market="GB", shop="maomao-us")
    assert not lint.check("Half price!", rules, market="US", shop="another")


def test_every_starter_rule_names_its_source_and_when_to_look_again() -> None:
    assert [rule.id for rule in STARTER if not rule.source or rule.review_by <= rule.reviewed] == []
    assert all(rule.review_by > date(2026, 11, 22) for rule in STARTER)
    assert {language for rule in STARTER for language in rule.words} == {"*", *LANGUAGES}


@given(some.text(alphabet="()|*#. aб1", min_size=1))
def test_whatever_makes_sense_can_be_looked_for(entry: str) -> None:
    words = {"en": (entry,)}
    assert wording.mistake(words) or wording.found(words, "a b 1", "en") is not None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[rules", "cannot be read"),
        (RULE + "words = 3\n", "cannot be read"),
        (RULE.replace("warn", "shout") + 'finds = ["phone"]\n', "cannot be read"),
        (RULE, "discount looks for nothing"),
        (RULE + 'words = { en = ["broken", ""] }', "'' says nothing"),
        (RULE + 'words = { en = ["..."] }', "'...' says nothing"),
        (RULE + 'words = { en = ["(a|b"] }', "brackets"),
        (RULE + 'words = { en = ["a) or (b"] }', "brackets"),
        (RULE + f'words = {{ en = ["{"(" * 500}a{")" * 500}"] }}', "brackets"),
        (RULE + 'words = { eng = ["broken"] }', "no language is called 'eng'"),
        (RULE + 'finds = ["phone"]\nunless = { en = ["*"] }', "says nothing"),
        (RULE + 'finds = ["phone"]\nmarkets = ["gb"]', "no market is called 'gb'"),
        (2 * (RULE + 'finds = ["phone"]\n'), "two lint rules called discount"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(SetupError, match=problem):
        lint.read(text)
