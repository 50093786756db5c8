"""How people name an instant in the languages of the product; `rules/snooze.py` says what the signs mean together."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from chatops.rules import snooze_words_asia, snooze_words_europe

PHRASES = (*snooze_words_europe.PHRASES, *snooze_words_asia.PHRASES)

NUMBERS = (  # from one to twelve
    "one two three four five six seven eight nine ten eleven twelve",
    "一 二 三 四 五 六 七 八 九 十 十一 十二",
    "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua_belas",
    "หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ สิบเอ็ด สิบสอง",
    "một hai ba bốn năm sáu bảy tám chín mười mười_một mười_hai",
    "una dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "uma duas três quatro cinco seis sete oito nove dez onze doze",
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "une deux trois quatre cinq six sept huit neuf dix onze douze",
    "una due tre quattro cinque sei sette otto nove dieci undici dodici",
    "satu dua tiga empat lima enam tujuh lapan sembilan sepuluh sebelas dua_belas",
    "isa dalawa tatlo apat lima anim pito walo siyam sampu labing-isa labindalawa",
    "isang dalawang tatlong apat limang anim pitong walong siyam sampung labing-isang labindalawang",
    "ala-una alas-dos alas-tres alas-kuwatro alas-singko alas-sais alas-siyete alas-otso alas-nuwebe alas-diyes "
    "alas-onse alas-dose",
    "واحدة اثنتين ثلاث أربع خمس ست سبع ثماني تسع عشر إحدى_عشرة اثنتي_عشرة",
    "واحد اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة أحد_عشر اثني_عشر",
    "الواحدة الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة الحادية_عشرة الثانية_عشرة",
)
MORE_NUMBERS = {
    **{"un": "1", "uno": "1", "两": "2", "十五": "15", "二十": "20", "三十": "30", "四十": "40", "四十五": "45"},
    **{"fifteen": "15", "twenty": "20", "thirty": "30", "quince": "15", "veinte": "20", "treinta": "30"},
    **{"tiga puluh": "30", "สามสิบ": "30", "ba mươi": "30", "trinta": "30", "dreißig": "30", "trente": "30"},
    **{"trenta": "30", "tatlumpu": "30", "tatlumpung": "30", "ثلاثين": "30", "dois": "2"},
    **dict.fromkeys(("ein", "eine", "einer", "einem", "einen"), "1"),
}
MONTHS = (  # from January on; Chinese and Vietnamese count them
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januar februar märz april may juni juli august september oktober november dezember",  # Mai is also tomorrow's name
    "janvier février mars avril may juin juillet août septembre octobre novembre décembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari mac april mei jun julai ogos september oktober november disember",
    "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)
WEEKDAYS = "一二三四五六日"  # behind 周, 星期 or 礼拜
WAKE = (
    *("off", "wake", "cancel", "stop", "取消", "关闭", "叫醒", "batal", "batalkan", "bangunkan"),
    *("ยกเลิก", "ปลุก", "hủy", "huỷ", "đánh thức", "cancelar", "despertar", "quitar", "acordar", "aus", "abbrechen"),
    *("wecken", "annuler", "réveiller", "annulla", "sveglia", "kanselahin", "gisingin", "itigil"),
    *("オフ", "解除", "キャンセル", "取り消し", "إلغاء", "إيقاف"),
)
_UNSAID = re.compile(
    "[\u061c\u200e\u200f\u2066-\u2069\u064b-\u0652\u0640]"
)  # directions, Arabic's vowels and its stretching
_ARABIC = str.maketrans("أإآةى", "اااهي")


def plain(text: str) -> str:
    """Return a text as the words here are written: one width of signs, no capital letters, nothing that is not said."""
    return _UNSAID.sub("", normalize("NFKC", text).casefold()).replace("’", "'").strip()


def bare(text: str) -> str:
    """Return a text without the marks on Latin letters and Arabic's, as people in a hurry type it."""
    spread = "".join(sign for sign in normalize("NFD", text) if not "\u0300" <= sign <= "\u036f")
    return normalize("NFC", spread.replace("đ", "d")).translate(_ARABIC)


def signs() -> dict[str, str]:
    """Return the sign of every phrase; without marks a phrase means the same, unless it is another phrase."""
    known = dict(_phrases())
    return {bare(phrase): sign for phrase, sign in reversed(known.items())} | known


def _phrases() -> Iterator[tuple[str, str]]:
    for language in PHRASES:
        for sign, phrases in language.items():
            yield from ((plain(phrase), sign) for phrase in phrases.split(","))
    for words in NUMBERS:
        yield from ((plain(word).replace("_", " "), str(value)) for value, word in enumerate(words.split(), start=1))
    for words in MONTHS:
        yield from ((plain(word), f"m{value}") for value, word in enumerate(words.split(), start=1))
    yield from MORE_NUMBERS.items()
    for week in ("周", "星期", "礼拜"):
        for day, name in enumerate(WEEKDAYS, start=1):
            yield f"{week}{name}", f"w{day}"
            for next_ in ("下", "下个"):
                yield f"{next_}{week}{name}", f"nextweek w{day}"
        yield f"{week}天", "w7"
        yield f"下{week}天", "nextweek w7"
    for day, name in enumerate("月火水木金土日", start=1):
        yield from ((f"{name}曜{ending}", f"w{day}") for ending in ("", "日"))
