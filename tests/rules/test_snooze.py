"""When a ticket shall come back, in the languages of the product."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatops.rules.snooze import until, wakes

NOW = datetime(2026, 11, 18, 3, 30, tzinfo=UTC)  # a Wednesday; 10:30 in Bangkok
BANGKOK, LONDON = ZoneInfo("Asia/Bangkok"), ZoneInfo("Europe/London")

SAID = {
    "11-18 12:30": """
        2h | 2 h | 120 min | 2 hours | two hours | in 2 hours | 2h0m | 120m | 2小时 | 两个小时后 | 2 jam
        2 jam lagi | dalam 2 jam | 2 ชั่วโมง | อีก 2 ชม. | อีกสองชั่วโมง | 2 tiếng | 2 giờ nữa | sau 2 giờ
        hai tiếng nữa | 2 horas | en 2 horas | dentro de dos horas | ２h
        em 2 horas | daqui a duas horas | in 2 Stunden | zwei Stunden | dans 2 heures | dans deux heures | tra 2 ore
        fra due ore | dalam 2 jam lagi | sa loob ng 2 oras | 2 oras | 2時間後 | 2時間 | بعد ساعتين | ساعتين | بعد 2 ساعة
    """,
    "11-18 11:00": """
        30 min | half an hour | 半小时后 | 三十分钟 | setengah jam | ครึ่งชั่วโมง | nửa tiếng | 30 phút nữa
        media hora
        em meia hora | eine halbe Stunde | in 30 Minuten | dans une demi-heure | tra mezz'ora | tra 30 minuti
        30 minit lagi | kalahating oras | 30分後 | بعد نصف ساعة | 30 دقيقة
    """,
    "11-18 12:00": """
        1.5h | 1h30m | 1 h 30 min | 一个半小时 | 1,5 jam | satu setengah jam | một tiếng rưỡi | una hora y media
        uma hora e meia | anderthalb Stunden | une heure et demie | dans une heure et demie | un’ora e mezza
        satu setengah jam | 1時間半 | ساعة ونصف | ساعة و30 دقيقة
    """,
    "11-21 10:30": """
        3 days | in 3 days | 3d | 3天后 | 3 hari lagi | อีก 3 วัน | 3 ngày nữa | en 3 días
        em 3 dias | in drei Tagen | dans 3 jours | tra tre giorni | 3 araw | 3日後 | بعد 3 أيام | بعد ثلاثة أيام
    """,
    "11-25 10:30": """
        a week | 1w | 一周后 | 1个星期 | 1 minggu | seminggu lagi | 1 อาทิตย์ | 1 tuần nữa | una semana
        uma semana | eine Woche | in einer Woche | une semaine | tra una settimana | isang linggo | 1週間後 | بعد أسبوع
    """,
    "11-19 09:00": """
        tomorrow 9 | tomorrow at 9 | Tomorrow 9am | tomorrow | tomorrow morning | tmr 09:00 | 9:00 | 9 am | 9
        明天9点 | 明天九点 | 明天上午9点 | 明早9点 | 明早 | 明天 | 明日9时 | 明天 ９：００ | besok jam 9
        besok pagi | Besok jam 9 pagi | besok pukul 09.00 | พรุ่งนี้ 9 โมง | พรุ่งนี้เก้าโมงเช้า | พรุ่งนี้เช้า
        พรุ่งนี้ 9.00 น. | mai 9h | ngày mai lúc 9 giờ | 9h sáng mai | sáng mai | ngay mai 9 gio sang
        mañana a las 9 | mañana 9h | manana a las 9 | mañana | mañana por la mañana
        mañana a las 9 de la mañana | 2026-11-19 | 2026-11-19 9 | 2026-11-19 09:00 | 2026-11-19T09:00
        2026-11-19T02:00Z | 2026-11-19T10:00+08:00 | 11月19日 | 11月19号上午9点 | thursday | Thu 9 | 周四
        星期四9点 | kamis | hari Kamis jam 9 | พรุ่งนี้ ๙ โมง | วันพฤหัส | วันพฤหัสบดี 9 โมง | thứ năm
        thứ 5 9h | T5 | thu nam 9h | jueves | el jueves a las 9
        at 9h | lúc 9 giờ | lúc 9h | 9 giờ | 9g | vào lúc 9 giờ sáng | a las 9h | a las 9 horas | pukul 9
        19 nov | Nov 19th at 9 | 19 de noviembre | 19 November | 19 พฤศจิกายน | 19 พ.ย. 9 โมง | 19/11 | 19号
        ngày 19 tháng 11 | tanggal 19 november
        amanhã 9:00 | amanhã às 9 | amanha as 9 | amanhã de manhã | morgen 9 | morgen um 9 Uhr | morgen früh
        demain 9 h | demain à 9 heures | demain matin | domani alle 9 | domani ore 9 | domattina | esok pukul 9
        esok pagi | bukas 9:00 | bukas alas-9 ng umaga | bukas ng umaga | 明日9時 | 明日午前9時 | 明日の朝9時
        غدًا 9:00 | غداً الساعة 9 | غدا صباحا | الساعة التاسعة صباح الغد | quinta | quinta-feira | Donnerstag
        jeudi | giovedi | Khamis | Huwebes | 木曜日 | 木曜9時 | الخميس | 19. November | 19.11. um 9 | 19 novembre
        19 نوفمبر | 19 de novembro | um 9 | à 9 heures | alle nove | às 9 | alas-nuwebe | الساعة ٩
    """,
    "11-18 14:30": """
        14:30 | today 2:30pm | 2:30 p.m. | 今天下午两点半 | 下午2点30分 | 14点30 | hari ini jam 14.30
        jam setengah 3 sore | วันนี้บ่าย 2 โมงครึ่ง | บ่ายสองโมงครึ่ง | 14.30 น. | 14h30 | 2h30 chiều nay
        2 rưỡi chiều | hôm nay 14 giờ 30 | hoy a las 14:30 | hoy a las 2 y media de la tarde | wed 14:30
        今天下午2点三十 | half past two pm | at 14h30 | 14 giờ 30
        hoje às 14:30 | heute um 14 Uhr 30 | halb drei nachmittags | aujourd’hui à 14 h 30 | oggi alle 14:30
        hari ini pukul 2:30 petang | ngayon 14:30 | 今日14時30分 | 午後2時半 | اليوم الساعة 2 والنصف بعد الظهر
    """,
    "11-18 20:00": """
        tonight 8 | 8pm | tonight at 8 pm | 今晚8点 | 晚上八点 | nanti malam jam 8 | jam 8 malam | 2 ทุ่ม
        คืนนี้สองทุ่ม | 8h tối | tối nay 8 giờ | esta noche a las 8 | a las ocho de la noche | 20 | today 20:00
        a las 20 h | lúc 20h
        hoje à noite às 8 | 8 Uhr abends | ce soir à 8 heures | stasera alle 8 | pukul 8 malam | alas-8 ng gabi
        夜8時 | 8 مساءً | الليلة الساعة 8
    """,
    "11-19 14:00": """
        tomorrow afternoon | 明天下午 | besok sore jam 2 | jam 2 siang besok | พรุ่งนี้บ่าย | บ่ายสองพรุ่งนี้
        chiều mai | mañana por la tarde
        amanhã à tarde | morgen Nachmittag | demain après-midi | domani pomeriggio | esok petang | bukas ng hapon
        明日の午後 | غدا بعد الظهر
    """,
    "11-18 12:00 ": """
        noon | today noon | 中午 | siang | เที่ยง | 12 giờ trưa | a mediodía | 12 pm
        meio-dia | mittags | à midi | mezzogiorno | tengah hari | tanghali | 正午 | ظهرًا
    """,
    "11-19 00:00": """
        midnight | 12 am | tomorrow 0:00 | 午夜 | 晚上12点 | tengah malam | jam 12 malam | เที่ยงคืน | nửa đêm
        medianoche | 12 midnight | midnight 12
        meia-noite | Mitternacht | minuit | a mezzanotte | hatinggabi | 真夜中 | منتصف الليل
    """,
    "11-19 12:30": """
        tomorrow 12:30 | พรุ่งนี้เที่ยงครึ่ง | 明天中午12点半
    """,
    "11-20 09:00": """
        day after tomorrow | 后天 | lusa | มะรืนนี้ | ngày kia | pasado mañana | friday | viernes | thứ sáu
        depois de amanhã | übermorgen | après-demain | dopodomani | makalawa | 明後日 | بعد غد | Freitag | vendredi
        venerdì | Jumaat | Biyernes | 金曜 | الجمعة | sexta
    """,
    "11-23 09:00": """
        monday | next monday | next week | monday next week | 下周 | 下周一 | 下个星期一 | 周一 | senin
        senin depan | minggu depan | วันจันทร์ | วันจันทร์หน้า | สัปดาห์หน้า | thứ hai | thứ hai tuần sau
        tuần tới | lunes | el próximo lunes | la semana que viene
        segunda | semana que vem | segunda que vem | nächsten Montag | nächste Woche | lundi prochain
        la semaine prochaine | lunedì prossimo | la prossima settimana | Isnin depan | Lunes | susunod na linggo
        来週 | 来週の月曜日 | الاثنين القادم | الأسبوع القادم
    """,
    "11-27 15:00": """
        next friday 3pm | 下周五下午3点 | jumat depan jam 3 sore | วันศุกร์หน้าบ่าย 3 โมง | thứ sáu tuần sau 15h
        viernes de la próxima semana a las 15:00
    """,
    "11-22 09:00": """
        sunday | 周日 | 周天 | hari minggu | minggu | วันอาทิตย์ | chủ nhật | CN | domingo
        Sonntag | dimanche | domenica | Ahad | linggo | 日曜日 | الأحد
    """,
    "11-25 10:00": """
        wednesday 10:00 | 周三10点 | rabu jam 10 | วันพุธ 10 โมง | thứ tư 10h | miércoles a las diez
    """,
    "11-21 15:00": """
        in 3 days at 3pm | 3天后下午3点
    """,
    "11-18 13:00": """
        2h30 | 2h30m | 2 giờ rưỡi nữa | 2.5 h
    """,
    "11-18 18:00": """
        eod | end of day | at 18h | 18h00
    """,
    "12-25 09:00": """
        dec 25 | 25 December | 25 de diciembre | 25 ธันวาคม | 25/12 | 12/25 | 12月25号 | 25 tháng 12 | 25 desember
        25. Dezember | 25.12. | 25 décembre | 25 dicembre | 25 de dezembro | 25 Disember | 25 Disyembre | 25 ديسمبر
    """,
    "12-01 09:00": """
        next month | 下个月 | bulan depan | เดือนหน้า | tháng sau | el mes que viene | 1号
        mês que vem | nächsten Monat | le mois prochain | il mese prossimo | susunod na buwan | 来月 | الشهر القادم
    """,
    "11-19 03:00": """
        tomorrow 3 am | 明天凌晨3点 | พรุ่งนี้ตี 3 | besok jam 3 dini hari | mañana a las 3 de la madrugada
        amanhã às 3 da madrugada | bukas alas-3 ng madaling araw | غدا الساعة 3 فجرا
    """,
}


@pytest.mark.parametrize(("expected", "said"), SAID.items(), ids=[expected.strip() for expected in SAID])
def test_what_people_say_in_fourteen_languages(expected: str, said: str) -> None:
    for words in said.replace("\n", "|").strip("| ").split("|"):
        found = until(words, NOW, BANGKOK)
        assert found, words
        assert f"{found.astimezone(BANGKOK):%m-%d %H:%M}" == expected.strip(), words
        assert found.tzinfo is UTC


def test_an_instant_that_no_clock_of_the_zone_can_show_is_none() -> None:
    assert until("0001-01-01T00:30Z", NOW, ZoneInfo("America/New_York")) is None


@pytest.mark.parametrize(
    "words",
    [
        *("", "  ", "soon", "when she answers", "tomorrow maybe", "25:00", "tomorrow 9:75", "9 9 9", "h", "-", "pm"),
        *("2026-02-31", "2026-02-31 09:00", "2031-01-01", "9999-12-31 23:59", "9999 weeks", "12345 min", "13月40日"),
        *(
            "today",
            "monday tuesday",
            "11/12",
            "40/11",
            "31号 2月",
            "tháng 12",
            "-2h",
            "−2h",
            "明天也许",
            "kapan-kapan",
            "เดี๋ยวก่อน",
            "lát nữa nhé",
            "algún día",
            "🕘",
        ),
        "tomorrow " * 20,
    ],
)
def test_what_means_no_instant_is_not_guessed(words: str) -> None:
    assert until(words, NOW, BANGKOK) is None


@pytest.mark.parametrize(
    "words", ["today 9", "今天9点", "2026-11-18 10:30", "2025-01-01", "2026-11-18T03:29Z", "0 min"]
)
def test_the_past_is_told_as_it_is(words: str) -> None:
    found = until(words, NOW, BANGKOK)
    assert found
    assert found <= NOW


def local(words: str, now: str, zone: ZoneInfo) -> str:
    found = until(words, datetime.fromisoformat(now).astimezone(UTC), zone)
    return f"{found.astimezone(zone):%m-%d %H:%M %Z}" if found else "?"


def test_an_hour_that_the_clock_leaves_out_comes_when_it_would_have_struck() -> None:
    assert local("tomorrow 1:30", "2027-03-27T20:00+00:00", LONDON) == "03-28 02:30 BST"
    assert local("tomorrow 9", "2027-03-27T20:00+00:00", LONDON) == "03-28 09:00 BST"


def test_of_an_hour_that_comes_twice_the_next_one_is_meant() -> None:
    assert local("tomorrow 1:30", "2026-10-24T20:00+00:00", LONDON) == "10-25 01:30 BST"
    assert local("1:30", "2026-10-25T00:45+00:00", LONDON) == "10-25 01:30 GMT"
    assert local("1:30", "2026-10-25T01:45+00:00", LONDON) == "10-26 01:30 GMT"


def test_hours_pass_and_days_are_those_of_the_calendar() -> None:
    assert local("24h", "2026-10-24T20:00+00:00", LONDON) == "10-25 20:00 GMT"
    assert local("1 day", "2026-10-24T20:00+00:00", LONDON) == "10-25 21:00 GMT"


def test_what_is_tomorrow_depends_on_where_one_is() -> None:
    late = "2026-11-18T20:00+00:00"
    assert local("tomorrow 9", late, LONDON) == "11-19 09:00 GMT"
    assert local("tomorrow 9", late, BANGKOK) == "11-20 09:00 +07"


@pytest.mark.parametrize("words", ["off", "OFF ", "wake", "取消", "batal", "ยกเลิก", "hủy", "cancelar"])
def test_in_every_language_somebody_can_take_it_back(words: str) -> None:
    assert wakes(words)
    assert until(words, NOW, BANGKOK) is None


def test_an_instant_is_no_wish_to_wake() -> None:
    assert not wakes("tomorrow 9")
