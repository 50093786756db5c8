"""What stands in sample charts that no section has yet; a language without any has the English ones."""

from typing import NamedTuple


class Words(NamedTuple):
    """The title and the sentence of each chart, the names of two rows, and what buyers asked about."""

    kept: tuple[str, str]
    answers: tuple[str, str, str, str]
    asked: tuple[str, str]
    about: tuple[str, ...]


ENGLISH = Words(
    ("Answered in time", "96.4% of 214 on the last day; the line was missed on four of 14 days."),
    ("Until the answer", "Half of the first answers came within 3 min.", "First answer", "Next answer"),
    ("What was asked most", "Size was asked about three times as often as usual."),
    ("Where is my parcel? It was promised for yesterday", "Size", "Return", "Discount", "Colour"),
)
WORDS = {
    "en": ENGLISH,
    "zh_Hans": Words(
        ("按时回复", "最后一天 214 个会话中 96.4% 按时回复；14 天里有 4 天未达标。"),
        ("回复用时", "一半的首次回复在 3 分钟内。", "首次回复", "后续回复"),
        ("问得最多的问题", "询问尺码的次数是平时的三倍。"),
        ("我的包裹在哪里？说好昨天到的", "尺码", "退货", "折扣", "颜色"),
    ),
    "id": Words(
        ("Dijawab tepat waktu", "96,4% dari 214 pada hari terakhir; batas tidak tercapai pada empat dari 14 hari."),
        (
            "Waktu hingga jawaban",
            "Separuh jawaban pertama datang dalam 3 menit.",
            "Jawaban pertama",
            "Jawaban berikutnya",
        ),
        ("Yang paling banyak ditanyakan", "Ukuran ditanyakan tiga kali lebih sering dari biasanya."),
        ("Di mana paket saya? Katanya sampai kemarin", "Ukuran", "Pengembalian", "Diskon", "Warna"),
    ),
    "th": Words(
        ("ตอบทันเวลา", "96.4% จาก 214 รายการในวันสุดท้าย และไม่ถึงเป้าสี่วันจาก 14 วัน"),
        ("เวลาก่อนได้รับคำตอบ", "ครึ่งหนึ่งของคำตอบแรกมาภายใน 3 นาที", "คำตอบแรก", "คำตอบถัดไป"),
        ("สิ่งที่ถูกถามมากที่สุด", "มีคนถามเรื่องขนาดมากกว่าปกติสามเท่า"),
        ("พัสดุของฉันอยู่ที่ไหน บอกว่าจะถึงเมื่อวานนี้", "ขนาด", "การคืนสินค้า", "ส่วนลด", "สี"),
    ),
    "vi": Words(
        ("Trả lời đúng hạn", "96,4% trong 214 vào ngày cuối; bốn trong 14 ngày không đạt."),
        (
            "Thời gian đến khi trả lời",
            "Một nửa câu trả lời đầu tiên trong vòng 3 phút.",
            "Trả lời đầu tiên",
            "Trả lời tiếp theo",
        ),
        ("Được hỏi nhiều nhất", "Kích cỡ được hỏi nhiều gấp ba lần bình thường."),
        ("Gói hàng của tôi ở đâu? Đã hẹn giao hôm qua", "Kích cỡ", "Trả hàng", "Giảm giá", "Màu sắc"),
    ),
    "es": Words(
        ("Respondido a tiempo", "El 96,4 % de 214 el último día; en cuatro de 14 días no se cumplió."),
        (
            "Hasta la respuesta",
            "La mitad de las primeras respuestas llegó en 3 min.",
            "Primera respuesta",
            "Siguiente respuesta",
        ),
        ("Lo más preguntado", "Se preguntó por la talla tres veces más que de costumbre."),
        ("¿Dónde está mi paquete? Estaba prometido para ayer", "Talla", "Devolución", "Descuento", "Color"),
    ),
    "de": Words(
        ("Rechtzeitig beantwortet", "96,4 % von 214 am letzten Tag; an vier von 14 Tagen wurde die Grenze verfehlt."),
        (
            "Zeit bis zur Antwort",
            "Die Hälfte der ersten Antworten kam innerhalb von 3 Min.",
            "Erste Antwort",
            "Nächste Antwort",
        ),
        ("Wonach am häufigsten gefragt wurde", "Nach der Größe wurde dreimal so oft gefragt wie sonst."),
        ("Wo bleibt mein Paket? Es war für gestern versprochen", "Größe", "Rückgabe", "Rabatt", "Farbe"),
    ),
    "fr": Words(
        ("Réponses dans les délais", "96,4 % de 214 le dernier jour ; seuil manqué quatre jours sur 14."),
        (
            "Délai de réponse",
            "La moitié des premières réponses en moins de 3 min.",
            "Première réponse",
            "Réponse suivante",
        ),
        ("Les questions les plus fréquentes", "La taille a été demandée trois fois plus que d’habitude."),
        ("Où est mon colis ? Il était promis pour hier", "Taille", "Retour", "Réduction", "Couleur"),
    ),
    "it": Words(
        ("Risposte in tempo", "Il 96,4% di 214 l’ultimo giorno; soglia mancata in quattro giorni su 14."),
        ("Tempo fino alla risposta", "Metà delle prime risposte entro 3 min.", "Prima risposta", "Risposta successiva"),
        ("Le domande più frequenti", "La taglia è stata chiesta tre volte più del solito."),
        ("Dov’è il mio pacco? Era promesso per ieri", "Taglia", "Reso", "Sconto", "Colore"),
    ),
    "ja": Words(
        ("期限内の返信", "最終日は 214 件中 96.4%。14 日のうち 4 日は目標に届きませんでした。"),
        ("返信までの時間", "最初の返信の半分は 3 分以内でした。", "最初の返信", "次の返信"),
        ("最も多かった質問", "サイズに関する質問が普段の 3 倍ありました。"),
        ("荷物はどこですか？昨日届くはずでした", "サイズ", "返品", "割引", "色"),
    ),
    "pt_BR": Words(
        ("Respondido no prazo", "96,4% de 214 no último dia; a meta não foi cumprida em quatro de 14 dias."),
        ("Até a resposta", "Metade das primeiras respostas veio em 3 min.", "Primeira resposta", "Resposta seguinte"),
        ("O que mais foi perguntado", "Perguntaram sobre tamanho três vezes mais que o normal."),
        ("Onde está meu pacote? Estava prometido para ontem", "Tamanho", "Devolução", "Desconto", "Cor"),
    ),
    "ms": Words(
        (
            "Dijawab tepat pada masanya",
            "96.4% daripada 214 pada hari terakhir; sasaran tidak dicapai pada empat daripada 14 hari.",
        ),
        ("Masa sehingga jawapan", "Separuh jawapan pertama tiba dalam 3 min.", "Jawapan pertama", "Jawapan seterusnya"),
        ("Paling banyak ditanya", "Saiz ditanya tiga kali lebih kerap daripada biasa."),
        ("Di mana bungkusan saya? Dijanjikan semalam", "Saiz", "Pemulangan", "Diskaun", "Warna"),
    ),
    "fil": Words(
        ("Nasagot sa oras", "96.4% ng 214 sa huling araw; hindi naabot ang target sa apat sa 14 na araw."),
        (
            "Hanggang sa sagot",
            "Kalahati ng mga unang sagot ay dumating sa loob ng 3 min.",
            "Unang sagot",
            "Susunod na sagot",
        ),
        ("Pinakamadalas itanong", "Tatlong beses na mas madalas itanong ang sukat kaysa karaniwan."),
        ("Nasaan ang parsela ko? Ipinangako ito kahapon", "Sukat", "Pagsasauli", "Diskuwento", "Kulay"),
    ),
    "ar": Words(
        ("تم الرد في الوقت المحدد", "96.4% من 214 في اليوم الأخير، ولم يتحقق الهدف في أربعة من 14 يومًا."),
        ("الوقت حتى الرد", "وصل نصف الردود الأولى خلال 3 دقائق.", "الرد الأول", "الرد التالي"),
        ("الأكثر سؤالًا", "سُئل عن المقاس ثلاثة أضعاف المعتاد."),
        ("أين طردي؟ كان موعده أمس من متجر maomao-gb", "المقاس", "الإرجاع", "الخصم", "اللون"),
    ),
}
