"""users.*, dnd.*, usergroups.* and bots.info: who is there, who may be disturbed, who belongs together."""

from collections.abc import Sequence

from chatops.sandbox.slack.member import Group, Member
from chatops.sandbox.slack.message import Json
from chatops.sandbox.slack.web_api.call import ApiError, Call, Method
from chatops.sandbox.slack.workspace import Happening


def _shown(call: Call, member: Member) -> Json:
    with_email = "users:read.email" in call.app.scopes
    return member.wire(call.workspace.now(), with_locale=call.flag("include_locale"), with_email=with_email)


def info(call: Call) -> Json:
    """Describe one member."""
    return {"user": _shown(call, call.member())}


def list_all(call: Call) -> Json:
    """List all members, page by page."""
    everyone: Sequence[Member] = list(call.workspace.members.values())
    page, metadata = call.page(everyone, default=200, most=1000)
    stamp = call.workspace.unix()
    return {"members": [_shown(call, member) for member in page], "cache_ts": stamp, "response_metadata": metadata}


def lookup_by_email(call: Call) -> Json:
    """Find a member by e-mail address."""
    wanted = call.text("email").lower()
    found = next((m for m in call.workspace.members.values() if m.email and m.email.lower() == wanted), None)
    if found is None:
        raise ApiError("users_not_found")
    return {"user": _shown(call, found)}


def get_presence(call: Call) -> Json:
    """Say whether a member is at the keyboard."""
    return {"presence": call.member().presence if call.text("user") else "active"}


def dnd_info(call: Call) -> Json:
    """Return one member's do-not-disturb window."""
    if not call.text("user"):
        return call.workspace.members[call.app.bot_user_id].dnd_wire()
    return call.member().dnd_wire()


def dnd_team_info(call: Call) -> Json:
    """Return the windows of up to fifty members."""
    people = call.items("users")
    if not people:
        raise ApiError("no_users_provided")
    if len(people) > 50:
        raise ApiError("too_many_users")
    known = call.workspace.members
    return {"users": {person: known[person].dnd_wire() for person in people if person in known}, "cached": False}


def bot_info(call: Call) -> Json:
    """Describe a bot."""
    wanted = call.text("bot")
    app = next((app for app in call.workspace.apps.values() if app.bot_id == wanted), None)
    if app is None:
        raise ApiError("bot_not_found")
    return {"bot": app.bot_profile() | {"user_id": app.bot_user_id}}


def _group(call: Call) -> Group:
    group = call.workspace.groups.get(call.text("usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return group


def groups(call: Call) -> Json:
    """List the user groups."""
    shown = [group for group in call.workspace.groups.values() if not group.deleted_at or call.flag("include_disabled")]
    with_users, with_count = call.flag("include_users"), call.flag("include_count")
    return {"usergroups": [group.wire(with_users=with_users, with_count=with_count) for group in shown]}


def create_group(call: Call) -> Json:
    """Create a user group."""
    name, handle = call.text("name"), call.text("handle") or call.text("name").lower().replace(" ", "-")
    others = call.workspace.groups.values()
    if any(group.name == name for group in others):
        raise ApiError("name_already_exists")
    if any(group.handle == handle for group in others) or any(
        m.name == handle for m in call.workspace.members.values()
    ):
        raise ApiError("handle_already_exists")
    now, me = call.workspace.unix(), call.app.bot_user_id
    group = Group(
        call.workspace.mint_id("S", handle), name, handle, call.workspace.team.id, call.text("description"),
        channels=call.items("channels"), created=now, updated=now, created_by=me, updated_by=me,
    )  # fmt: skip
    call.workspace.groups[group.id] = group
    call.workspace.changed()
    return {"usergroup": group.wire()}


def group_users(call: Call) -> Json:
    """List a group's members."""
    return {"users": list(_group(call).users)}


def update_group_users(call: Call) -> Json:
    """Replace a group's members; the list is complete and never empty."""
    group, people = _group(call), call.items("users")
    if not people:
        raise ApiError("no_users_provided")
    known = call.workspace.members
    if any(person not in known or known[person].deleted for person in people):
        raise ApiError("invalid_users")
    added, removed = [p for p in people if p not in group.users], [p for p in group.users if p not in people]
    before, now = group.updated, call.workspace.unix()
    group.users, group.updated, group.updated_by = people, now, call.app.bot_user_id
    event = {
        "type": "subteam_members_changed", "subteam_id": group.id, "team_id": group.team_id,
        "date_previous_update": before, "date_update": now, "added_users": added, "added_users_count": len(added),
        "removed_users": removed, "removed_users_count": len(removed), "event_ts": call.workspace.mint_ts(),
    }  # fmt: skip
    call.workspace.announce(Happening("subteam_members_changed", event))
    return {"usergroup": group.wire()}


def disable_group(call: Call) -> Json:
    """Disable a group: nobody is reached by it any more; its members stay on its list."""
    group = _group(call)
    group.deleted_at = group.updated = call.workspace.unix()
    return {"usergroup": group.wire()}


def enable_group(call: Call) -> Json:
    """Let a disabled group reach its members again."""
    group = _group(call)
    group.deleted_at, group.updated = 0, call.workspace.unix()
    return {"usergroup": group.wire()}


_GROUPS = ("usergroups:read",)
METHODS = {
    "users.info": Method(info, ("users:read",), ("user",), ("include_locale",), per_minute=100),
    "users.list": Method(list_all, ("users:read",), (), ("cursor", "include_locale", "limit"), per_minute=20),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",), ("email",)),
    "users.getPresence": Method(get_presence, ("users:read",), (), ("user",)),
    "dnd.info": Method(dnd_info, ("dnd:read",), (), ("user",)),
    "dnd.teamInfo": Method(dnd_team_info, ("dnd:read",), ("users",), per_minute=20),
    "bots.info": Method(bot_info, ("users:read",), (), ("bot",)),
    "usergroups.list": Method(
        groups, _GROUPS, (), ("include_count", "include_disabled", "include_users"), per_minute=20
    ),
    "usergroups.create": Method(
        create_group, ("usergroups:write",), ("name",), ("channels", "description", "handle", "include_count"),
        per_minute=20,
    ),
    "usergroups.disable": Method(
        disable_group, ("usergroups:write",), ("usergroup",), ("include_count",), per_minute=20
    ),
    "usergroups.enable": Method(enable_group, ("usergroups:write",), ("usergroup",), ("include_count",), per_minute=20),
    "usergroups.users.list": Method(group_users, _GROUPS, ("usergroup",), ("include_disabled",), per_minute=20),
    "usergroups.users.update": Method(
        update_group_users, ("usergroups:write",), ("usergroup",), ("users", "include_count"), per_minute=20
    ),
}  # fmt: skip
