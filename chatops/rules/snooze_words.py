"""How people name an instant in the team's six languages; `rules/snooze.py` says what the signs mean together."""

from collections.abc import Iterator, Mapping, Sequence
from unicodedata import normalize

# What a person types, by the signs it becomes: the day in so many days (d0), a day of the week (w1), a part of the day,
# a unit. The longest phrase counts; what becomes "" says nothing new. `a|b` is `a` behind a number, else `b`.
PHRASES: Sequence[Mapping[str, str]] = (
    {  # English
        "d0": "today, later today",
        "d0 evening": "tonight, this evening, eod, end of day, end of the day",
        "d1": "tomorrow, tmrw, tmr",
        "d2": "day after tomorrow, the day after tomorrow",
        "w1": "monday, mon",
        "w2": "tuesday, tues, tue",
        "w3": "wednesday, weds, wed",
        "w4": "thursday, thurs, thur, thu",
        "w5": "friday, fri",
        "w6": "saturday, sat",
        "w7": "sunday, sun",
        "next": "next",
        "nextweek": "next week",
        "nextmonth": "next month",
        "am": "am, a.m., a. m., in the morning",
        "morning": "morning, this morning",
        "noon": "noon, midday",
        "pm": "pm, p.m., p. m.",
        "afternoon": "afternoon, this afternoon, in the afternoon",
        "evening": "evening, in the evening",
        "night": "night, at night",
        "midnight": "midnight",
        "min": "minutes, minute, mins, min, m",
        "h": "h",
        "hour": "hours, hour, hrs, hr",
        "1 hour": "an hour",
        "30 min": "half an hour, half hour",
        "day": "days, day, d",
        "1 day": "a day",
        "week": "weeks, week, w",
        "1 week": "a week",
        "oclock": "o'clock, oclock",
        "half past": "half past",
        "quarter past": "quarter past",
        "quarter to": "quarter to",
        "at": "at",
        "": "on, the, of, until, till, by, this, in, from now, later, for, st, nd, rd, th",
    },
    {  # 简体中文
        "d0": "今天",
        "d0 evening": "今晚, 今天晚上",
        "d1": "明天, 明日",
        "d1 morning": "明早, 明天早上",
        "d1 evening": "明晚, 明天晚上",
        "d2": "后天",
        "d3": "大后天",
        "next": "下个, 下",
        "nextweek": "下周, 下星期, 下个星期, 下礼拜",
        "nextmonth": "下个月, 下月",
        "dawn": "凌晨, 半夜",
        "morning": "早上, 上午, 早晨, 清晨",
        "noon": "中午",
        "afternoon": "下午",
        "evening": "晚上, 傍晚",
        "midnight": "午夜",
        "min": "分钟, 分",
        "hour": "小时, 个小时, 个钟头, 钟头",
        "30 min": "半小时, 半个小时",
        "day": "天",
        "week": "周, 个星期, 星期, 个礼拜",
        "oclock": "点, 点钟, 时",
        "half": "半",
        "quarter": "一刻",
        "month": "月",
        "dom": "日, 号",
        "half hour": "个半小时, 个半钟头",
        "": "到, 在, 的, 等到, 后, 之后, 以后, 过",
    },
    {  # Bahasa Indonesia
        "d0": "hari ini",
        "d0 afternoon": "nanti sore",
        "d0 evening": "malam ini, nanti malam",
        "d1": "besok, bsk",
        "d2": "lusa",
        "w1": "senin",
        "w2": "selasa",
        "w3": "rabu",
        "w4": "kamis",
        "w5": "jumat, jum'at",
        "w6": "sabtu",
        "w7": "hari minggu",
        "next": "depan",
        "nextweek": "minggu depan",
        "nextmonth": "bulan depan",
        "dawn": "subuh, dini hari",
        "morning": "pagi",
        "noon": "siang",
        "afternoon": "sore",
        "night": "malam",
        "midnight": "tengah malam",
        "min": "menit",
        "hour|": "jam",
        "1 hour": "sejam",
        "half hour|30 min": "setengah jam",
        "day|": "hari",
        "1 day": "sehari",
        "week|w7": "minggu",
        "week": "pekan",
        "1 week": "seminggu",
        "half|half to": "setengah",
        "at": "pukul",
        "": "tanggal, pada, sampai, hingga, nanti, lagi, dalam, setelah",
    },
    {  # ไทย
        "d0": "วันนี้",
        "d0 evening": "คืนนี้, เย็นนี้",
        "d0 afternoon": "บ่ายนี้",
        "d1": "พรุ่งนี้, วันพรุ่งนี้",
        "d2": "มะรืน, มะรืนนี้, วันมะรืน, วันมะรืนนี้",
        "w1": "จันทร์, วันจันทร์",
        "w2": "อังคาร, วันอังคาร",
        "w3": "พุธ, วันพุธ",
        "w4": "พฤหัส, พฤหัสบดี, วันพฤหัส, วันพฤหัสบดี",
        "w5": "ศุกร์, วันศุกร์",
        "w6": "เสาร์, วันเสาร์",
        "w7": "วันอาทิตย์",
        "next": "หน้า",
        "nextweek": "สัปดาห์หน้า, อาทิตย์หน้า",
        "nextmonth": "เดือนหน้า",
        "dawn": "ตี",
        "morning": "เช้า, โมงเช้า",
        "noon": "เที่ยง",
        "12:30": "เที่ยงครึ่ง",
        "afternoon": "บ่าย",
        "13": "บ่ายโมง",
        "evening": "เย็น, โมงเย็น, ค่ำ",
        "tum": "ทุ่ม",
        "midnight": "เที่ยงคืน",
        "min": "นาที",
        "hour": "ชั่วโมง, ชม., ชม",
        "30 min": "ครึ่งชั่วโมง",
        "day": "วัน",
        "week|w7": "อาทิตย์",
        "week": "สัปดาห์",
        "oclock": "โมง, นาฬิกา, น.",
        "half": "ครึ่ง",
        "": "วันที่, เวลา, ตอน, ถึง, ที่, ใน, อีก, ในอีก, ข้างหน้า",
    },
    {  # Tiếng Việt
        "d0": "hôm nay",
        "d0 afternoon": "chiều nay",
        "d0 evening": "tối nay",
        "d1": "mai, ngày mai",
        "d1 morning": "sáng mai",
        "d1 afternoon": "chiều mai",
        "d1 evening": "tối mai",
        "d2": "ngày kia, ngày mốt",
        "w1": "thứ hai, thứ 2, t2",
        "w2": "thứ ba, thứ 3, t3",
        "w3": "thứ tư, thứ 4, t4",
        "w4": "thứ năm, thứ 5, t5",
        "w5": "thứ sáu, thứ 6, t6",
        "w6": "thứ bảy, thứ 7, t7",
        "w7": "chủ nhật, cn",
        "nextweek": "tuần sau, tuần tới",
        "nextmonth": "tháng sau, tháng tới",
        "morning": "sáng, buổi sáng",
        "noon": "trưa, buổi trưa",
        "afternoon": "chiều, buổi chiều",
        "evening": "tối, buổi tối",
        "next": "tới",
        "night": "đêm",
        "midnight": "nửa đêm",
        "min": "phút, p",
        "oclock": "giờ, g",
        "of": "tháng",
        "at": "lúc, vào lúc",
        "in": "nữa, sau, trong",
        "hour": "tiếng",
        "30 min": "nửa tiếng, nửa giờ",
        "day|": "ngày",
        "week": "tuần",
        "half": "rưỡi",
        "": "vào, đến, tận",
    },
    {  # Español
        "d0": "hoy",
        "d0 afternoon": "esta tarde",
        "d0 evening": "esta noche",
        "d1": "mañana",
        "d2": "pasado mañana",
        "w1": "lunes",
        "w2": "martes",
        "w3": "miércoles",
        "w4": "jueves",
        "w5": "viernes",
        "w6": "sábado",
        "w7": "domingo",
        "next": "próximo, que viene, siguiente",
        "nextweek": "la semana que viene, próxima semana, la próxima semana, semana que viene",
        "nextmonth": "el mes que viene, el próximo mes, mes que viene, próximo mes",
        "dawn": "de la madrugada",
        "morning": "de la mañana, por la mañana, en la mañana, temprano",
        "noon": "mediodía, al mediodía, a mediodía",
        "afternoon": "tarde, de la tarde, por la tarde, en la tarde",
        "night": "noche, de la noche, por la noche, en la noche",
        "midnight": "medianoche, a medianoche",
        "min": "minutos, minuto",
        "hour": "horas, hora",
        "30 min": "media hora",
        "day": "días, día",
        "week": "semanas, semana",
        "half": "y media",
        "quarter": "y cuarto",
        "at": "a las, a la, las",
        "": "el, hasta, este, en, dentro de, de, para",
    },
)
NUMBERS = (  # from one to twelve
    "one two three four five six seven eight nine ten eleven twelve",
    "一 二 三 四 五 六 七 八 九 十 十一 十二",
    "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua_belas",
    "หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ สิบเอ็ด สิบสอง",
    "một hai ba bốn năm sáu bảy tám chín mười mười_một mười_hai",
    "una dos tres cuatro cinco seis siete ocho nueve diez once doce",
)
MORE_NUMBERS = {
    **{"un": "1", "uno": "1", "两": "2", "十五": "15", "二十": "20", "三十": "30", "四十": "40", "四十五": "45"},
    **{"fifteen": "15", "twenty": "20", "thirty": "30", "quince": "15", "veinte": "20", "treinta": "30"},
    **{"tiga puluh": "30", "สามสิบ": "30", "ba mươi": "30"},
}
MONTHS = (  # from January on; Chinese and Vietnamese count them
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
)
WEEKDAYS = "一二三四五六日"  # behind 周, 星期 or 礼拜
WAKE = (
    *("off", "wake", "cancel", "stop", "取消", "关闭", "叫醒", "batal", "batalkan", "bangunkan"),
    *("ยกเลิก", "ปลุก", "hủy", "huỷ", "đánh thức", "cancelar", "despertar", "quitar"),
)


def plain(text: str) -> str:
    """Return a text as the words here are written: one width of signs, no capital letters."""
    return normalize("NFKC", text).casefold().strip()


def bare(text: str) -> str:
    """Return a text without the marks on Latin letters, as people in a hurry type it."""
    spread = "".join(sign for sign in normalize("NFD", text) if not "\u0300" <= sign <= "\u036f")
    return normalize("NFC", spread.replace("đ", "d"))


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
