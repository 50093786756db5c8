"""The table a person reads at the end of a crash run."""

from statistics import median

from tests.crash.run import Report

SHOWN = 8  # violations of one kind named in full


def table(report: Report) -> str:
    """Return what happened and what was wrong, as text."""
    ledger, verdict = report.ledger, report.verdict
    edited = sum(len(answer.versions) > 1 for answer in ledger.answers)
    facts: dict[str, object] = {
        "the team sits in": report.plan.platform.capitalize(),
        "kills": f"{ledger.kills}, of which {ledger.kills_while_starting} while starting",
        "start-up, once loaded": f"{median(ledger.start_ups):.2f} s (median of {len(ledger.start_ups)})",
        "took": f"{report.took:.0f} s, calm {report.calm_after:.1f} s after the last kill",
        "faults planned": ledger.faults,
        "buyer messages": f"{len(ledger.questions)}, {sum(bool(q.picture) for q in ledger.questions)} of them pictures",
        "agent answers": f"{len(ledger.answers)}, {sum(bool(a.picture) for a in ledger.answers)} of them pictures",
        "answers edited": edited,
        "graceful stop at the end": report.exits,
        **dict(sorted(verdict.notes.items())),
    }
    lines = [f"  {name:<46} {value}" for name, value in facts.items()]
    lines.append("")
    for kind, named in verdict.violations.items():
        lines.append(f"  {kind:<46} {len(named)}")
        lines += [f"      {one}" for one in named[:SHOWN]]
    lines += (
        ["", "  what the product still has to do", *(f"      {one}" for one in report.stuck)] if report.stuck else []
    )
    lines += ["", "OK" if verdict.is_clean else "FAILED"]
    return "\n".join(lines)
