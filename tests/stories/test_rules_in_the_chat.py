"""A lead changes one rule in the chat: sees what it would change, lets it count, and takes it back."""

from tests.stories.cast import Post, Story
from tests.stories.side import Teammate

RULE = """[[rules]]
id = "cannot"
about = "cannot"
severity = "warn"
source = "Our own house rules"
reviewed = 2026-11-22
review_by = 2027-05-22
[rules.words]
en = ["no idea"]
"""


async def opens_rule(who: Teammate, head: Post) -> None:
    await who.replies(head, "!rules lint")
    card = await who.is_told("What answers must not say")
    await who.chooses(card, "Change a rule…", "cannot")
    await who.reads_form("The rule")


async def test_a_lead_changes_a_rule_and_takes_it_back(stage: Story) -> None:
    story, mia = stage, stage.cast.mia
    await story.set_up(story.desk_toml() + story.role_toml(story.noor, "lead"))
    await story.product_starts()
    noor, head = story.noor, await story.conversation(mia, "Where is my parcel?")
    await story.answers(noor, head, "We have no idea")
    await story.li.replies(head, "!rules")
    await story.li.is_told("Noor")  # who may

    # What makes no sense is told, and nothing that was typed is lost.
    await opens_rule(noor, head)
    await noor.is_refused("makes no sense", text=RULE.replace('"no idea"', '"(no idea"'))

    # What it would change is seen before it counts: last week's answer would have waited.
    await noor.fills_in(text=RULE, sample="I have no idea")
    card = await noor.is_told("Not in place yet")
    assert "Changed: cannot" in card.text
    assert "0 would be held now, 1 then" in card.text
    assert "“no idea”: It says what cannot be done." in card.text
    await story.answers(noor, head, "I have no idea either")
    await noor.clicks(card, "Save")
    saved = await noor.is_told("Version 1 counts from now on.")
    await noor.replies(head, "No idea, really")
    await story.reads(head, "“No idea”: It says what cannot be done.")

    await noor.clicks(saved, "Version before")
    await noor.is_told("Version 2 counts from now on.")
    await noor.clicks(card, "Save")
    await noor.is_told("nothing was done")
    await story.answers(noor, head, "There is no idea behind it")
    await story.rests()
    assert mia.heard == ["We have no idea", "I have no idea either", "There is no idea behind it"]
