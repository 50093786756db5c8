"""The desk of the year: four shops in four zones, each with hours, a rota and a promise."""

from datetime import time

from chatops.sandbox.world import SLACK, World, route_toml
from tests.year.expected import WEEKDAYS, Place

LI, NOOR = "U0LI", "U0NOOR"
PLACES = (
    Place("new-york", "America/New_York", time(20), time(4), (LI, NOOR)),
    Place("berlin", "Europe/Berlin", time(1), time(9), (NOOR, LI)),
    Place("jakarta", "Asia/Jakarta", time(9), time(17), (LI, NOOR)),
    Place("sydney", "Australia/Sydney", time(22), time(6), (NOOR, LI), alone=("sat", "sun")),
)
OTHERWISE = LI
PLACE = """
[[shops]]
id = "{place.shop_id}"
name = "{place.name}"
timezone = "{place.zone}"
locale = "en"

[[calendars]]
name = "{place.name}"
timezone = "{place.zone}"
weekly = {{ {weekly} }}

[[rotations]]
name = "{place.name}"
workspace = "team"
timezone = "{place.zone}"
channel = "{channel}"
layers = [{{ members = {crew}, start = 2026-01-01T02:30:00, unit = "day"{hours} }}]

[[escalations]]
name = "{place.name}"
workspace = "team"
steps = [{{ notify = ["rotation {place.name}"], wait = "12h" }}, {{ notify = ["agent {otherwise}"], wait = "20h" }}]

[[service_levels]]
name = "{place.name}"
match = {{ shops = ["{place.name}"] }}
escalation = "{place.name}"
targets = [{{ metric = "first_response", within = "2h", calendar = "{place.name}", warn = ["80%"], urgency = "page" }}]
"""


def desk_toml(world: World, reconcile_seconds: int) -> str:
    """Return the whole desk."""
    channel = world.cast.support.id
    head = f"""\
[settings]
undo_seconds = 1
reconcile_seconds = {reconcile_seconds}
crossing_seconds = 0
{world._workspace_toml(SLACK)}"""
    return head + "".join(_place_toml(place, channel) + route_toml(place.name, SLACK, channel) for place in PLACES)


def _place_toml(place: Place, channel: str) -> str:
    window = f'["{place.opens:%H:%M}-{place.closes:%H:%M}"]'
    there = [f'{day} = ["00:00-24:00"]' for day in WEEKDAYS if day not in place.alone]
    return PLACE.format(
        place=place,
        channel=channel,
        otherwise=OTHERWISE,
        crew=list(place.crew),
        weekly=", ".join(f"{day} = {window}" for day in WEEKDAYS),
        hours=f", hours = {{ {', '.join(there)} }}" if place.alone else "",
    )
