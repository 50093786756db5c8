"""Words that stand beside what tells who somebody is, in the languages that buyers write: reasons to doubt.

Small letters without accents; a phrase is words with blanks between them. A word that is as often about a product
("phone", "box", "flat") is not here: what it would lead to is not let through anyway.
"""

# Ways to reach somebody.
_CONTACTS = (
    "whatsapp whatsap wa telegram viber zalo wechat weixin signal skype discord line lineid instagram insta ig "
    "facebook fb messenger twitter snapchat youtube linkedin gmail googlemail yahoo ymail hotmail outlook "
    "icloud protonmail gmx email mail correo surel qq telp hotline sdt www http https com net org dot arroba "
    "username userid login password passwort iban bic rekening ktp cccd cmnd ssn dni cpf"
)
CONTACTS = frozenset(_CONTACTS.split())

# What addresses are made of; in Vietnamese, where accents make other words, with them.
_STREETS = (
    "street road rd avenue ave lane boulevard blvd crescent terrace highway hwy postcode postal zipcode "
    "apartment apt building bldg jalan jln jl gg rt rw kelurahan kecamatan kec kabupaten kab perumahan perum "
    "komplek kampung lorong poskod kodepos calle avenida paseo carrer urbanizacion strasse str plz hausnummer "
    "rue chemin batiment boulevard viale piazza corso vicolo rua travessa alameda bairro barangay brgy purok "
    "sitio kanto subdivision subd thanon moo phường quận huyện ngõ ngách hẻm thôn xã tỉnh phuong huyen "
    "address alamat adresse direccion indirizzo endereco"
)
STREETS = frozenset(_STREETS.split())

# What stands before a name, or below a letter.
_NAMED = (
    "mr mrs ms mister herr frau fraulein monsieur madame mademoiselle signor signora signore signorina senhor "
    "senhora senor senora senorita encik regards sincerely saludos gruss grusse cordialement cordiali "
    "atenciosamente signed"
)
NAMED = frozenset(_NAMED.split())
PHRASES = (
    "my name", "name is", "call me", "on behalf", "deliver to", "nama saya", "nama aku", "atas nama", "ten toi",
    "toi ten", "ten la", "me llamo", "mi nombre", "a nombre de", "ich heisse", "mein name", "je m appelle", "mon nom",
    "au nom de", "mi chiamo", "mio nome", "meu nome", "me chamo", "ako si", "pangalan ko",
    "i live", "we live", "my house", "rumah saya", "so nha", "dia chi", "nha minh", "nha toi", "vivo en", "wohne in",
    "j habite", "abito a", "moro em", "nakatira ako",
)  # fmt: skip

# The same in scripts that do not part words, and in Arabic, anywhere in a text.
_ELSEWHERE = (
    "微信 威信 薇信 加我 扣扣 电话 電話 邮箱 郵箱 邮编 地址 住址 我叫 名字 姓名 先生 路 街 巷 弄 省 市 县 縣 镇 乡 "
    "村 小区 单元 栋 楼 区 區 丁目 番地 号室 様 名前 と申します といいます メール 郵便 住所 府 県 ไลน์ ไอดี "
    "โทร อีเมล เมล์ เฟซ เฟส ไอจี ชื่อ นาย นาง ที่อยู่ บ้านเลขที่ ถนน ซอย หมู่ ตำบล ต. อำเภอ อ. แขวง เขต จังหวัด จ. "
    "รหัสไปรษณีย์ เลขที่ واتس تلجرام تليجرام انستا سناب ايميل إيميل بريد رقمي اسمي السيد شارع بناية عمارة الرمز "
    "عنوان"
)
ELSEWHERE = tuple(_ELSEWHERE.split())

# Numbers as words, with which a longer one could be spelled.
_NUMBERS = (
    "zero oh one two three four five six seven eight nine double triple nol kosong satu dua tiga empat lima "
    "enam tujuh delapan lapan sembilan mot hai ba bon nam sau bay tam chin cero uno una dos tres cuatro cinco "
    "seis siete ocho nueve null eins zwei zwo drei vier funf fuenf sechs sieben acht neun un deux trois quatre "
    "cinq six sept huit neuf due tre quattro cinque sei sette otto nove um uma dois duas quatro sete oito isa "
    "dalawa tatlo apat anim pito walo siyam"
)
NUMBERS = frozenset(_NUMBERS.split())
_NUMERALS = (
    "ศูนย์ หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า 〇 零 一 幺 二 两 三 四 五 六 七 八 九 壹 贰 叁 肆 伍 陆 柒 "
    "捌 玖 ゼロ صفر واحد اثنان اثنين ثلاثة اربعة أربعة خمسة ستة سبعة ثمانية تسعة"
)
NUMERALS = tuple(_NUMERALS.split())

# What may stand right behind a number: lengths, weights, sizes.
UNITS = "cm|mm|m|km|kg|kgs|g|gr|gram|mg|ml|cl|l|oz|lb|lbs|in|inch|ft|k|x|rb|ribu|pcs|pc|w|v|gb|tb|h|d|x{0,3}[sl]"
