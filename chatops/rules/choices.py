"""What people type when they choose one of a few, in any language of the product: a level, a priority, nothing."""

import re
from collections.abc import Mapping

from chatops.rules.snooze_words import bare, plain

Words = Mapping[str, str]

LEVELS: Words = {
    "presale": "presale pre-sale pre_sale before_buying question 售前 咨询 prajual pra-jual sebelum_membeli ก่อนซื้อ"
    " ก่อนขาย mua_hàng trước_mua trước_khi_mua preventa antes_de_comprar bago_bumili tanong pré-venda vor_dem_kauf"
    " frage avant_l'achat avant_achat prévente prima_dell'acquisto prevendita 購入前 質問 قبل_الشراء سؤال",
    "logistics": "logistics delivery shipping parcel 物流 快递 发货 logistik pengiriman ขนส่ง จัดส่ง การจัดส่ง vận_chuyển"
    " giao_hàng logística envío penghantaran paghahatid padala entrega envio lieferung versand livraison expédition"
    " consegna spedizione 配送 発送 التوصيل توصيل الشحن شحن",
    "quality": "quality defect defects damaged 质量 kualitas rusak คุณภาพ สินค้าเสีย chất_lượng calidad kualiti"
    " kalidad sira qualidade defeito qualität defekt qualité défaut qualità difetto 品質 不良 الجودة جودة تالف",
    "complaint": "complaint complaints dispute 投诉 纠纷 komplain keluhan sengketa ร้องเรียน ข้อพิพาท khiếu_nại"
    " tranh_chấp queja reclamo disputa aduan pertikaian reklamo reclamação beschwerde reklamation réclamation litige"
    " 苦情 クレーム شكوى نزاع",
}
PRIORITIES: Words = {
    "low": "low 低 rendah ต่ำ thấp baja mababa baixa niedrig basse bassa منخفضة",
    "normal": "normal medium 普通 正常 一般 biasa ปกติ bình_thường thường media sederhana karaniwan média normale mittel"
    " 通常 عادية متوسطة",
    "high": "high important 高 重要 tinggi penting สูง สำคัญ cao quan_trọng alta importante mataas mahalaga hoch"
    " wichtig haute عالية مهمة",
    "urgent": "urgent asap 紧急 加急 mendesak darurat ด่วน khẩn gấp urgente segera agaran apurado dringend eilig"
    " 緊急 至急 عاجلة عاجل",
}
QUEUES: Words = {
    "mine": "mine me my 我的 saya milik_saya ของฉัน của_tôi míos mías mis akin sa_akin meus minhas deine meine mes"
    " les_miens les_vôtres miei tuoi 自分 私 لي تذاكري",
    "unassigned": "unassigned nobody free 未分配 无人 belum_diambil ยังไม่มีใครรับ chưa_giao sin_asignar libres"
    " tiada_pemilik belum_ditugaskan libre walang_may_hawak sem_dono livres niemands frei offen sans_responsable"
    " di_nessuno liberi 未担当 担当なし بلا_مسؤول غير_مسندة",
    "oldest": "oldest all everything 最久 全部 terlama semua นานสุด ทั้งหมด lâu_nhất tất_cả más_antiguos todos"
    " pinakaluma lahat mais_antigos älteste alle plus_anciens tous più_vecchi tutti 古い順 すべて الأقدم الكل",
    "late": "late due soon next sla 快超时 超时 到期 terlambat segera jatuh_tempo ใกล้เลยกำหนด เลยกำหนด สาย sắp_trễ trễ"
    " muộn tarde atrasados vencen por_vencer hampir_lewat lewat mahuhuli huli vencidos fällig überfällig bald"
    " en_retard bientôt in_scadenza in_ritardo 期限順 期限超過 توشك_أن_تتأخر متأخرة",
}
ONCALL: Words = {
    "now": "now who current 现在 sekarang ตอนนี้ bây_giờ ahora ngayon agora jetzt maintenant adesso ora 今 現在 الآن",
    "next": "next coming 接下来 下一个 berikutnya ถัดไป tiếp_theo próximo siguiente seterusnya susunod danach nächste"
    " ensuite suivant dopo prossimo 次 التالي",
    "mine": "mine me my 我的 saya milik_saya ของฉัน của_tôi míos mías mis akin meus deine meine les_miens miei tuoi 自分"
    " نوباتي لي",
    "preview": "preview plan weeks 预览 排班 pratinjau jadwal ตัวอย่าง ตาราง xem_trước lịch vista_previa calendario"
    " pratonton jadual tanaw iskedyul prévia escala vorschau aperçu planning anteprima プレビュー 予定 معاينة جدول",
    "at": "at was 当时 在 pada waktu เมื่อ lúc khi a_las cuándo noong em um am à le alle il いつ عند",
}
CLOCKS: Words = {
    "why": "why details 为什么 原因 kenapa mengapa alasan sebab ทำไม เหตุผล tại_sao vì_sao lý_do lý-do por_qué motivo"
    " bakit dahilan por_quê porquê warum grund pourquoi motif perché なぜ 理由 لماذا سبب",
}
LANGUAGES: Words = {
    "en": "english 英语 英文 inggris อังกฤษ tiếng_anh anh inglés inggeris ingles englisch anglais inglese"
    " 英語 الإنجليزية",
    "zh": "chinese mandarin 中文 汉语 cina tionghoa mandarin จีน tiếng_trung trung chino chinês chinesisch chinois"
    " cinese 中国語 الصينية",
    "id": "indonesian 印尼语 印度尼西亚语 indonesia อินโดนีเซีย tiếng_indonesia indonesio indonesisch indonésien"
    " indonesiano インドネシア語 الإندونيسية",
    "ms": "malay 马来语 melayu มาเลย์ tiếng_mã_lai malayo malaio malaiisch malais malese マレー語 الماليزية",
    "th": "thai 泰语 泰文 ไทย tiếng_thái thái tailandés thailändisch thaï thailandese タイ語 التايلاندية",
    "vi": "vietnamese 越南语 vietnam เวียดนาม tiếng_việt việt vietnamita vietnamesisch vietnamien ベトナム語 الفيتنامية",
    "fil": "filipino tagalog tl 菲律宾语 ฟิลิปปินส์ tiếng_philippines filipina filipinisch filippino"
    " フィリピノ語 الفلبينية",
    "es": "spanish 西班牙语 spanyol สเปน tiếng_tây_ban_nha español sepanyol espanhol spanisch espagnol spagnolo"
    " スペイン語 الإسبانية",
    "pt": "portuguese 葡萄牙语 portugis โปรตุเกส tiếng_bồ_đào_nha portugués português portugiesisch portugais portoghese"
    " ポルトガル語 البرتغالية",
    "de": "german 德语 jerman เยอรมัน tiếng_đức alemán deutsch alemão allemand tedesco ドイツ語 الألمانية",
    "fr": "french 法语 prancis ฝรั่งเศส tiếng_pháp francés français perancis französisch francese フランス語 الفرنسية",
    "it": "italian 意大利语 italia อิตาลี tiếng_ý tiếng_italy italiano itali italienisch italien イタリア語 الإيطالية",
    "ja": "japanese jp 日语 日文 jepang ญี่ปุ่น tiếng_nhật japonés 日本語 jepun japanisch japonais giapponese اليابانية",
    "ar": "arabic 阿拉伯语 arab อาหรับ tiếng_ả_rập árabe العربية arabisch arabo アラビア語",
}
NOTHING: Words = {
    "": "- off none no clear auto 无 没有 自动 取消 tidak_ada kosong otomatis ไม่มี ยกเลิก อัตโนมัติ không bỏ ninguno nada"
    " tiada kosongkan wala nenhum nenhuma limpar keine keiner nichts leer aucun aucune rien vide nessuno nessuna"
    " niente なし 自動 لا_شيء بلا تلقائي",
}
TEAM = re.compile(
    r"(?:#|(?:team|团队|小组|tim|ทีม|nhóm|đội|equipo|pasukan|koponan|equipe|équipe|squadra|チーム|فريق)(?=[\s:：])[\s:：]*)(.+)",
    re.IGNORECASE | re.DOTALL,
)

_LOCALE = re.compile(r"([a-z]{2,3})[-_][a-z0-9_-]+")  # a language as a device names it: en-GB, zh_CN

TAG_LIMIT = 24  # characters
_TAG = re.compile(r"[\w-]+")


def choice(words: str, among: Words) -> str | None:
    """Return which of a few somebody means, "" for nothing of it, None when that cannot be told.

    A word that begins only one of them will do.
    """
    said = bare(plain(words))
    for means, spelled in (*among.items(), *NOTHING.items()):
        if said and (said == means or said in (word.replace("_", " ") for word in bare(plain(spelled)).split())):
            return means
    if (tag := _LOCALE.fullmatch(said)) and tag[1] in among:
        return tag[1]
    begun = {means for means in among if said and means.startswith(said)}
    return begun.pop() if len(begun) == 1 else None


def team(words: str) -> str | None:
    """Return the name of the team that is meant by `team logistics` or `#logistics`, None when it is no team."""
    found = TEAM.fullmatch(words.strip())
    name = " ".join(found[1].split()) if found else ""
    return name or None


def team_key(name: str) -> str:
    """Return what two ways to write the name of one team have in common."""
    return " ".join(re.split(r"[\s_-]+", name.casefold().strip()))


def tags(words: str) -> tuple[list[str], list[str]] | None:
    """Return which tags to add and which to take away (`vip -late`), None when one of them is no tag."""
    add: list[str] = []
    remove: list[str] = []
    for said in re.split(r"[\s,，、;；]+", plain(words)):
        name = said.lstrip("+-−#")
        if not said:
            continue
        if len(name) > TAG_LIMIT or not _TAG.fullmatch(_unmarked(name)):
            return None
        (remove if said[0] in "-−" else add).append(name)
    return (add, remove) if add or remove else None


def _unmarked(name: str) -> str:
    """Return a name without the vowel signs of Thai and its neighbours, which are no letters to a pattern."""
    return re.sub(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", name)
