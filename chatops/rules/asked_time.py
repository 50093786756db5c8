"""What somebody wants to be told: of which days, in which form, and words that name whose work: "last week compare".

Days are local dates and hours those of a wall clock; whoever reads this knows the zone. Weeks begin on Monday.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

from chatops.rules.choices import QUEUES, Words
from chatops.rules.snooze_words import bare, plain

MOST_DAYS = 366
ONE_DAY = timedelta(days=1)


class Form(StrEnum):
    """How numbers are handed over; `POST` is a digest to read."""

    POST = "post"
    CSV = "csv"
    JSON = "json"
    REPORT = "report"
    LINK = "link"


PERIODS: Words = {
    "today": "today now so_far 今天 现在 hari_ini sekarang วันนี้ ตอนนี้ hôm_nay bây_giờ hoy ahora heute jetzt aujourd'hui"
    " maintenant oggi adesso 今日 hoje agora ngayon اليوم الآن",
    "yesterday": "yesterday 昨天 kemarin เมื่อวาน เมื่อวานนี้ hôm_qua ayer gestern hier ieri 昨日 ontem semalam kelmarin"
    " kahapon أمس",
    "week": "week this_week 本周 这周 minggu_ini สัปดาห์นี้ tuần_này semana esta_semana woche diese_woche semaine"
    " cette_semaine settimana questa_settimana 今週 linggo ngayong_linggo هذا_الأسبوع",
    "last week": "last_week 上周 minggu_lalu สัปดาห์ที่แล้ว tuần_trước semana_pasada la_semana_pasada letzte_woche"
    " semaine_dernière la_semaine_dernière settimana_scorsa la_settimana_scorsa 先週 semana_passada nakaraang_linggo"
    " noong_nakaraang_linggo الأسبوع_الماضي",
    "month": "month this_month 本月 这个月 bulan_ini เดือนนี้ tháng_này mes este_mes monat dieser_monat mois ce_mois"
    " mese questo_mese 今月 este_mês mês buwan ngayong_buwan هذا_الشهر",
    "last month": "last_month 上月 上个月 bulan_lalu เดือนที่แล้ว tháng_trước mes_pasado el_mes_pasado letzter_monat"
    " letzten_monat mois_dernier le_mois_dernier mese_scorso il_mese_scorso 先月 mês_passado nakaraang_buwan"
    " noong_nakaraang_buwan الشهر_الماضي",
}
FORMS: Words = {
    "csv": "csv",
    "json": "json",
    "link": "link report_link 链接 tautan ลิงก์ liên_kết enlace lien collegamento リンク pautan رابط",
    "report": "report html 报告 laporan รายงาน báo_cáo informe bericht rapport rapporto relatório ulat レポート تقرير",
}
WISHES: Words = {
    "compare": "compare compared 对比 比较 bandingkan เปรียบเทียบ so_sánh comparar compara vergleichen vergleich"
    " comparer confronta confronto 比較 ihambing قارن مقارنة",
    "here": "here 这里 di_sini ที่นี่ ở_đây aquí hierher ici qui ここ aqui dito هنا",
    "mine": QUEUES["mine"],
    "ranked": "ranked ranking 排名 peringkat อันดับ xếp_hạng clasificación rangliste classement classifica classificação"
    " 順位 kedudukan ranggo ترتيب",
}
DAYS = "d day days 天 日 hari วัน ngày día días tag tage tagen jour jours giorno giorni 日間 dia dias araw يوم أيام"
_DATE = r"(\d{4}-\d\d-\d\d)"
_CLOCK, _TO = r"(\d{1,2}[:.]\d\d)", r"\s*(?:\.\.+|…|→|–|—|～|-)\s*"
_HOURS = re.compile(rf"(?<!\S)(?:{_DATE}[ Tt])?{_CLOCK}{_TO}(?:{_DATE}[ Tt])?{_CLOCK}(?!\S)")
_DATES = re.compile(rf"(?<!\S){_DATE}(?:\s*(?:\.\.+|…|→|–|—|～)\s*{_DATE})?(?!\S)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for: days from `first` to `last`, both told of; `rest` are the words that name whose work.

    `hours`: of these days only what is between two times of the clock.
    """

    first: date
    last: date
    form: Form = Form.POST
    compare: bool = False
    here: bool = False
    mine: bool = False
    ranked: bool = False
    rest: str = ""
    hours: tuple[datetime, datetime] | None = None


def asked(words: str, today: date) -> Asked | None:
    """Return what words ask for, today's days where they name none; None: days that make no sense."""
    said = f" {' '.join(words.split())} "
    clock, said = _clocks(said)
    days, said = _days(said, today)
    hours = _hours(clock, *days) if clock and days else None
    if days is None or (clock and hours is None):
        return None
    form, said = _taken(said, FORMS)
    wishes: set[str] = set()
    while (wish := _taken(said, WISHES))[0]:
        wishes.add(wish[0])
        said = wish[1]
    return Asked(
        *days,
        form=Form(form) if form else Form.POST,
        compare="compare" in wishes,
        here="here" in wishes,
        mine="mine" in wishes,
        ranked="ranked" in wishes,
        rest=said.strip(),
        hours=hours,
    )


def _clocks(said: str) -> tuple[re.Match[str] | None, str]:
    """Return from when to when words say, and the words without it; its first day stays among them."""
    found = _HOURS.search(said)
    return found, f"{said[: found.start()]} {found[1] or ''} {said[found.end() :]}" if found else said


def _hours(clock: re.Match[str], first: date, last: date) -> tuple[datetime, datetime] | None:
    """Return from when to when it is by the clock, of one day; hours that end before they begin go into the next."""
    begin, end = _into_day(clock[2]), _into_day(clock[4])
    if first != last or begin is None or end is None or (clock[3] and not clock[1]):
        return None
    try:
        until = date.fromisoformat(clock[3]) if clock[3] else first
    except ValueError:
        return None
    begins, ends = datetime.combine(first, time()) + begin, datetime.combine(until, time()) + end
    if ends < begins and not clock[3]:
        ends += ONE_DAY
    return (begins, ends) if begins < ends <= begins + MOST_DAYS * ONE_DAY else None


def _into_day(clock: str) -> timedelta | None:
    hour, minute = (int(part) for part in re.split("[:.]", clock))
    return timedelta(hours=hour, minutes=minute) if minute < 60 and hour * 60 + minute <= 24 * 60 else None


def _days(said: str, today: date) -> tuple[tuple[date, date] | None, str]:
    """Return the days that words name, and the other words."""
    if dates := _DATES.search(said):
        return _between(dates[1], dates[2] or dates[1], today), said[: dates.start()] + said[dates.end() :]
    if counted := _counted().search(plain(said)):
        many = int(counted[1])
        days = (today - many * ONE_DAY, today - ONE_DAY) if 0 < many <= MOST_DAYS else None
        return days, _without(said, counted)
    period, rest = _taken(said, PERIODS)
    return _named(period or "today", today), rest


def _between(first: str, last: str, today: date) -> tuple[date, date] | None:
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:  # the 31st of February
        return None
    fits = days[0] <= min(days[1], today) and days[1] - days[0] < MOST_DAYS * ONE_DAY
    return (days[0], min(days[1], today)) if fits else None


def _named(period: str, today: date) -> tuple[date, date]:
    monday, first = today - today.weekday() * ONE_DAY, today.replace(day=1)
    return {
        "today": (today, today),
        "yesterday": (today - ONE_DAY, today - ONE_DAY),
        "week": (monday, today),
        "last week": (monday - 7 * ONE_DAY, monday - ONE_DAY),
        "month": (first, today),
        "last month": ((first - ONE_DAY).replace(day=1), first - ONE_DAY),
    }[period]


@cache
def _counted() -> re.Pattern[str]:
    units = "|".join(sorted((plain(unit) for unit in DAYS.split()), key=len, reverse=True))
    return re.compile(rf"(?<!\S)(\d{{1,4}})\s*(?:{units})(?!\S)")


@cache
def _phrases(among: frozenset[tuple[str, str]]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    known: dict[str, str] = {}
    for means, spelled in among:
        for word in (means.replace(" ", "_"), *spelled.split()):
            said = plain(word.replace("_", " "))
            known |= {bare(said): means, said: means}
    longest = sorted(known, key=len, reverse=True)
    return re.compile(rf"(?<!\S)({'|'.join(map(re.escape, longest))})(?!\S)"), known


def _taken(said: str, among: Words) -> tuple[str, str]:
    """Return the first of a few things that words mean, "" for none, and the words without it."""
    pattern, known = _phrases(frozenset(among.items()))
    found = pattern.search(plain(said))
    return (known[found[1]], _without(said, found)) if found else ("", said)


def _without(said: str, found: re.Match[str]) -> str:
    """Return words without what was found in their plain spelling."""
    words, before, many = said.split(), len(found.string[: found.start()].split()), len(found[0].split())
    return f" {' '.join(words[:before] + words[before + many :])} "
