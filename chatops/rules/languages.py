"""Which language a buyer writes in, of the fourteen that TikTok Shop's markets speak.

The script decides where it can. What is left is ranked by a model (the `langid` extra), and the languages of the shop's
country count thirty times: that keeps Malay and Indonesian apart. What is less than 70 % sure is not said.
"""

import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import Any, Protocol

LANGUAGES = ("en", "zh", "id", "ms", "th", "vi", "fil", "es", "pt", "de", "fr", "it", "ja", "ar")
SURE, LIKELIER = 0.7, 30  # the model says 0.7 and more where it is nearly always right
LONGEST = 500  # characters that are looked at

REGIONS = {  # what buyers of TikTok Shop's markets write, by the shop's region
    "AE": ("ar", "en"),
    "AT": ("de",),
    "BE": ("fr", "de"),
    "BR": ("pt",),
    "DE": ("de",),
    "EG": ("ar",),
    "ES": ("es",),
    "FR": ("fr",),
    "GB": ("en",),
    "ID": ("id",),
    "IE": ("en",),
    "IT": ("it",),
    "JP": ("ja",),
    "MX": ("es",),
    "MY": ("ms", "en", "zh"),
    "PH": ("fil", "en"),
    "PT": ("pt",),
    "SA": ("ar", "en"),
    "SG": ("en", "zh", "ms"),
    "TH": ("th",),
    "US": ("en", "es"),
    "VN": ("vi",),
}

# Addresses, names, tags, [smile], what has a number in it; never a whole sentence in a script that does not part words.
_NOISE = re.compile(r"https?://[!-~]+|www\.[!-~]+|[@#][!-~]+|\[\w+\]|[!-~]*\d[!-~]*")
_SCRIPTS = {
    "th": re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]"),
    "ar": re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]"),
    "kana": re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d]"),
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
_WORTH = {"kana": 3, "han": 3}  # one sign says as much as several letters
_FEWEST = 3  # letters of a text that has a language
_CODES = {"fil": "tl"}  # what the model calls it


_READING = Lock()


class _Model(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every language with its probability."""


@cache
def _model() -> _Model | None:
    if find_spec("py3langid") is None:
        return None
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - brings numpy along

    model: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages([_CODES.get(language, language) for language in LANGUAGES])
    model._full_model = ()  # lets go of all other languages
    model.nb_ptc = model.nb_ptc.astype("float32", order="C")  # larger than it comes, and quicker
    found: _Model = model
    return found


def load() -> bool:
    """Read the model, once in a process: a second, 65 MiB. False when the `langid` extra is not installed."""
    with _READING:  # whoever comes meanwhile waits, instead of reading it, too
        return _model() is not None


def is_loaded() -> bool:
    """Tell whether `detect` needs no second for reading the model any more."""
    return _model.cache_info().currsize > 0


def primary(locale: str) -> str:
    """Return the language of a locale: "pt" of `pt_BR` and `pt-BR`."""
    return locale.replace("_", "-").partition("-")[0].lower()


def likely(region: str, locale: str) -> tuple[str, ...]:
    """Return what a shop's buyers write most likely: the languages of its region (like "MY"), and its own."""
    return tuple(dict.fromkeys((*REGIONS.get(region.upper(), ()), primary(locale))))


def used(region: str, locale: str, expected: str = "") -> tuple[str, ...]:
    """Return which languages are written with a shop's buyers while a text does not tell its own; English always is."""
    return tuple(dict.fromkeys(filter(None, (expected, *likely(region, locale), "en"))))


def by_script(text: str, likely: Collection[str] = ()) -> str:
    """Return the language of a text if its script tells it, without the model; else ""."""
    return _looked_at(text, likely, "", asks=False)


def detect(text: str, likely: Collection[str] = (), earlier: str = "") -> str:
    """Return the language of a text as one of `LANGUAGES`; `earlier`, what was found before, where it does not tell.

    `likely`: what the shop's buyers write. Where the `langid` extra is not installed, the script alone decides.
    """
    return _looked_at(text, likely, earlier, asks=True)


def _looked_at(text: str, likely: Collection[str], earlier: str, *, asks: bool) -> str:
    words = _NOISE.sub(" ", text[:LONGEST])
    signs = Counter({script: len(found.findall(words)) * _WORTH.get(script, 1) for script, found in _SCRIPTS.items()})
    cjk = signs["kana"] + signs["han"]
    script, most = max({**signs, "han": cjk}.items(), key=lambda one: one[1])
    if most < _FEWEST:
        return earlier
    if script in LANGUAGES:
        return script
    if script in {"han", "kana"}:
        return _of_signs(signs["kana"] / cjk, likely, earlier)
    return _ranked(words, likely, earlier) if asks else earlier


def _of_signs(kana: float, likely: Collection[str], earlier: str) -> str:
    """Tell Japanese from Chinese; without kana it is Chinese, unless everything else says Japanese."""
    if kana > 0.1:  # Chinese shops write の for show
        return "ja"
    return "ja" if "zh" not in likely and (earlier == "ja" or "ja" in likely) and earlier != "zh" else "zh"


def _ranked(words: str, likely: Collection[str], earlier: str) -> str:
    """Ask the model, which is told what is likely here."""
    model = _model()
    if model is None:
        return earlier
    expected = {_CODES.get(language, language) for language in (*likely, earlier)}
    chances = {code: chance * (LIKELIER if code in expected else 1) for code, chance in model.rank(words)}
    code = max(chances, key=chances.__getitem__)
    if chances[code] < SURE * sum(chances.values()):
        return earlier
    return next((language for language, called in _CODES.items() if called == code), code)
