"""One of everything a lead can be shown of a rule that they write."""

from chatops.cards import rule_writing
from chatops.errors import Refusal, Refused
from chatops.model.rulebook import RulebookName, RuleDraft, Trial
from chatops.ui import Card
from tests.cards.samples import NOW, Group, refused

RULE = '[[rules]]\nid = "size"\nlevel = "presale"\ntags = ["size"]\n[rules.words]\nth = ["ไซซ์"]\n'
CANNOT = """[[rules]]
id = "cannot"
about = "cannot"
severity = "warn"
source = "Our own"
reviewed = 2026-01-01
review_by = 2026-12-31
[rules.words]
"*" = ["no idea"]
"""
CHANGES = ("+ size", "~ where-is-it", "~ price", "- quality")
LEVELS = (("", 40, 12), ("presale", 3, 31), ("logistics", 9, 9), ("quality", 0, 0), ("complaint", 1, 1))


def tried(name: RulebookName, text: str, sample: str, found: Trial) -> Card:
    """Return what somebody is shown of their draft."""
    draft = RuleDraft(
        workspace_id="T1", agent_id="ULI", name=name, version=3, rule="size", text=text, sample=sample, written_at=NOW
    )
    return rule_writing.trial(draft, found)


RULES: Group = {
    "for tickets": lambda: tried(RulebookName.TRIAGE, RULE, "มีไซซ์อะไรบ้าง", Trial(RULE, CHANGES, 53, LEVELS)),
    "for tickets, the same": lambda: tried(RulebookName.TRIAGE, RULE, "", Trial(RULE, (), 1, LEVELS[2:])),
    "for answers": lambda: tried(
        RulebookName.LINT, CANNOT, "ไม่รู้ no idea", Trial(CANNOT, ("~ cannot",), 128, held=(4, 17))
    ),
    "makes no sense": lambda: rule_writing.wrong(
        Refused(Refusal.RULE_NONSENSE, rule="size", found="xx"), "triage/3/0", 3
    ),
    "unreadable": refused(Refusal.RULE_UNREADABLE, detail="Invalid value (at line 2, column 6)"),
    "twins": refused(Refusal.RULE_TWINS, rule="size"),
    "idle": refused(Refusal.RULE_IDLE, rule="size"),
}
