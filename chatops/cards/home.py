"""What a member of the team sees of their own: what there is to do for them, and their settings."""

from collections.abc import Sequence

from chatops.cards.verbs import button
from chatops.catalog import SELF, Verb
from chatops.i18n import _, language_name
from chatops.model.agent import Agent
from chatops.model.shop import Route, Shop
from chatops.model.thread import channel_address
from chatops.model.workspace import PlatformName, platform_of
from chatops.ui import Card, Controls, Divider, Field, Fields, Link, Paragraph, Part, Small, Strong
from chatops.words import KINDS, one_line, side_by_side

LINKS = 10  # channels


def home(agent: Agent, queues: Sequence[Card], routes: Sequence[tuple[Shop, Route]] = ()) -> Card:
    """Return somebody's own page: their queues, the channels that tickets come to, what they told about themselves."""
    title = _("My desk")
    parts: list[Part] = []
    for queue in queues:
        parts += [Paragraph((Strong(queue.title),)), *queue.parts, Divider()]
    return Card(
        title=title,
        summary="\n".join([title, *(queue.summary for queue in queues)]),
        parts=(*parts, *_channels(routes), *_settings(agent)),
    )


def _channels(routes: Sequence[tuple[Shop, Route]]) -> tuple[Part, ...]:
    """Return the ways into the channels: one each, called after what comes there first."""
    ways: dict[str, Link] = {}
    for shop, route in routes:
        said = side_by_side(one_line(shop.name), KINDS[route.kind]())
        ways.setdefault(route.channel_id, Link(channel_address(route.workspace_id, route.channel_id), said))
    links = [piece for link in list(ways.values())[:LINKS] for piece in (link, "\n")][:-1]
    return (Paragraph((Strong(_("Channels")), "\n", *links)), Divider()) if links else ()


def _settings(agent: Agent) -> tuple[Part, ...]:
    on_slack = platform_of(agent.workspace_id) is PlatformName.SLACK
    if on_slack:
        told = _("Your language and time zone are those of your Slack profile.")
    else:
        told = _("Your language is the one you use Discord in.")
    answers = ", ".join(language_name(tag) for tag in agent.languages)
    quiet = side_by_side(agent.quiet.replace("-", "–"), agent.timezone) if agent.quiet else ""
    zone = () if on_slack else (button(Verb.ZONE, SELF),)
    return (
        Fields(
            (
                Field(_("Language"), (language_name(agent.locale) if agent.locale else _("Not known yet"),)),
                Field(_("Time zone"), (agent.timezone or _("Not known yet"),)),
                Field(_("Answers buyers in"), (answers or _("Every language"),)),
                Field(
                    _("Quiet hours"),
                    (quiet or _("None"),),
                ),
            )
        ),
        Controls((*zone, button(Verb.LANGUAGES, SELF), button(Verb.QUIET, SELF))),
        Small((told,)),
        Small((_("In your quiet hours, you are called only while you are on call, or when it is loud."),)),
    )
