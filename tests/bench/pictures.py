"""How long the picture of a digest takes from nothing, what it takes while it is drawn, and what it leaves behind."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from time import perf_counter

from chatops import drawing
from tests.bench.processes import resident_mib, running, said
from tests.bench.tables import Table
from tests.digest.pictures import specification, usual

COLD, LEFT = 1.5, 20.0  # seconds; MiB


@dataclass(frozen=True)
class Size:
    """How many pictures are drawn one after the other."""

    pictures: int


FULL, QUICK, TINY = Size(10), Size(3), Size(1)


async def run(size: Size) -> list[Table]:
    """Draw in a process of its own, whose memory is that of nothing else."""
    async with running("-m", "tests.bench.pictures", str(size.pictures)) as process:
        took, before, after, peak = await said(process)
    table = Table("The picture of a digest, four charts", ("", "best s", "worst s", "MiB"))
    table.add("drawn from nothing", f"{min(took):.2f}", f"{max(took):.2f}", "")
    table.add("the process that draws, at most", "", "", f"{peak:.0f}")
    table.add("the process that asks: before", "", "", f"{before:.0f}")
    table.add("and afterwards", "", "", f"{after:.0f}")
    table.aim("picture, from nothing", f"≤ {COLD} s", f"{min(took):.2f} s", met=min(took) <= COLD)
    table.aim("memory kept afterwards", f"≤ {LEFT:.0f} MiB", f"{after - before:.0f} MiB", met=after - before <= LEFT)
    return [table]


async def drawn(pictures: int) -> tuple[list[float], float, float, float]:
    """Draw here; return what each took, this process's memory before and after, and the most of a drawing one's."""
    import resource  # not on every system

    shown, took, before = specification(usual()), [], resident_mib(os.getpid())
    for _ in range(pictures):
        began = perf_counter()
        await drawing.chart(shown)
        took.append(perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return took, before, resident_mib(os.getpid()), peak


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(drawn(int(sys.argv[1])))) + "\n")
