"""How often a buyer's language is told right from one short message, how quickly, and what knowing it costs."""

import json
import os
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from chatops.rules import languages
from tests.bench.processes import resident_mib, running, said
from tests.bench.tables import Table, percentile

LABELLED = Path(__file__).with_name("labelled.toml")
REGION = {"en": "GB", "zh": "SG", "id": "ID", "ms": "MY", "th": "TH", "vi": "VN", "fil": "PH"}
REGION |= {"es": "ES", "pt": "BR", "de": "DE", "fr": "FR", "it": "IT", "ja": "JP", "ar": "SA"}
ALIKE = ("ms", "id")


@dataclass(frozen=True)
class Size:
    """How many messages of each language, and how often each is looked at."""

    messages: int
    rounds: int


FULL, QUICK, TINY = Size(1000, 20), Size(1000, 1), Size(3, 1)
SHOPS: dict[str, Callable[[str], tuple[str, ...]]] = {  # where a buyer of a language writes: what is likely there
    "a shop of the buyer's country": lambda language: languages.likely(REGION[language], ""),
    "a shop in Singapore (English, Chinese, Malay)": lambda _language: languages.likely("SG", ""),
    "nothing known of the shop": lambda _language: (),
}


async def run(size: Size) -> list[Table]:
    """Measure with the labelled messages, and the model's cost in a process of its own."""
    labelled = {language: found[: size.messages] for language, found in read().items()}
    with patch.object(languages, "_model", return_value=None):
        script = sum(_right(labelled, language, ())[0] for language in labelled) / _count(labelled)
    async with running("-m", "tests.bench.languages") as process:
        seconds, mib = await said(process)
    languages.load()
    table = Table(
        f"The language of {_count(labelled)} messages of 3 to 12 words, {len(labelled)} languages",
        ("written to", "right", "not said", "wrong", "right: Malay, Indonesian", "right: the twelve others"),
    )
    home = 0.0
    for where, likely in SHOPS.items():
        counts = {language: _right(labelled, language, likely(language)) for language in labelled}
        right, unsaid = (sum(count[place] for count in counts.values()) / _count(labelled) for place in (0, 1))
        shares = (right, unsaid, 1 - right - unsaid, _share(labelled, counts, alike=True))
        table.add(where, *(f"{share:.1%}" for share in (*shares, _share(labelled, counts, alike=False))))
        home = home or right
    times = sorted(_times(labelled, size.rounds))
    median = percentile(times, 0.5)
    table.remarks += [
        f"By the script alone, without the model and without knowing the shop: {script:.1%} right.",
        f"One message: p50 {median * 1e6:.0f}, p99 {percentile(times, 0.99) * 1e6:.0f} µs.",
        f"Loading the model, once and beside the work: {seconds:.1f} s and {mib:.0f} MiB of resident memory.",
        "The messages were written for this measure by one hand (`tests/bench/labelled.toml`). What is not said keeps "
        "what the buyer wrote before, or is taken for the shop's language.",
    ]
    table.aim("a buyer's language is told right, in a shop of their country", "≥ 90 %", f"{home:.1%}", met=home >= 0.9)
    table.aim("telling a language, p50", "≤ 1 ms", f"{median * 1e3:.2f} ms", met=median <= 0.001)
    return [table]


def read() -> dict[str, list[str]]:
    """Return what buyers write, by language."""
    found: dict[str, list[str]] = tomllib.loads(LABELLED.read_text(encoding="utf-8"))
    return found


def _count(labelled: dict[str, list[str]]) -> int:
    return sum(map(len, labelled.values()))


def _right(labelled: dict[str, list[str]], language: str, likely: tuple[str, ...]) -> tuple[int, int]:
    """Return how many messages of a language are told right, and of how many nothing is said."""
    found = [languages.detect(message, likely) for message in labelled[language]]
    return found.count(language), found.count("")


def _share(labelled: dict[str, list[str]], counts: dict[str, tuple[int, int]], *, alike: bool) -> float:
    """Return how much is right of the two languages that are alike, or of all others."""
    chosen = [language for language in labelled if (language in ALIKE) == alike]
    return sum(counts[language][0] for language in chosen) / sum(len(labelled[language]) for language in chosen)


def _times(labelled: dict[str, list[str]], rounds: int) -> list[float]:
    took = []
    for _ in range(rounds):
        for language, messages in labelled.items():
            likely = languages.likely(REGION[language], "")
            for message in messages:
                began = time.perf_counter()
                languages.detect(message, likely)
                took.append(time.perf_counter() - began)
    return took


def _cost() -> None:
    """Print how many seconds and MiB the model takes, in a process that does nothing else."""
    before, began = resident_mib(os.getpid()), time.monotonic()
    languages.load()
    found = time.monotonic() - began, resident_mib(os.getpid()) - before
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _cost()
