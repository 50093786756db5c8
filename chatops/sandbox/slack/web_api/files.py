"""files.*: the two-step upload, and looking a file up."""

from chatops.sandbox.slack import messages
from chatops.sandbox.slack.blocks import check_blocks, finish_blocks
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.emoji_names import to_short_names
from chatops.sandbox.slack.message import Json, StoredFile
from chatops.sandbox.slack.uploads import MOST_BYTES
from chatops.sandbox.slack.web_api.call import ApiError, Call, Method


def get_upload_url(call: Call) -> Json:
    """Hand out an address for one upload."""
    length = call.number("length", 0)
    if not 0 < length <= MOST_BYTES:
        raise ApiError("file_upload_size_restricted" if length else "missing_argument")
    alt_txt = call.text("alt_txt")
    if len(alt_txt) > 1000:
        raise ApiError("alt_txt_too_large")
    url, file = call.uploads.ask(call.app, call.text("filename"), length, alt_txt)
    return {"upload_url": url, "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Turn uploads into files and, when a channel is named, share them there in one message."""
    files = _arrived(call)
    places = call.items("channel_id") or call.items("channels")
    channels = [_place(call, place) for place in places]
    blocks = call.args.get("blocks") or []
    if check_blocks(blocks):
        raise ApiError("invalid_blocks")
    for file in files:
        del call.uploads.pending[file.id]
        call.workspace.files[file.id] = file
    for channel in channels:
        said = messages.app_message(call.workspace, channel, call.app, to_short_names(call.text("initial_comment")))
        said.files, said.subtype, said.blocks = files, "file_share", finish_blocks(blocks)
        said.thread_ts = call.text("thread_ts") or None
        messages.post(call.workspace, channel, said)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _arrived(call: Call) -> list[StoredFile]:
    given = call.args.get("files")
    if not isinstance(given, list) or not given:
        raise ApiError("invalid_arguments")
    found = []
    for entry in given:
        pending = call.uploads.pending.get(entry.get("id", "")) if isinstance(entry, dict) else None
        if pending is None or not pending.arrived or pending.app_id != call.app.app_id:
            raise ApiError("file_not_found")
        pending.file.title = entry.get("title") or pending.file.name
        found.append(pending.file)
    return found


def _place(call: Call, channel_id: str) -> Channel:
    channel = call.workspace.channel(channel_id)
    if channel is None:
        raise ApiError("channel_not_found")
    if channel.archived:
        raise ApiError("posting_to_channel_denied")
    if call.app.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    wait = call.limits.refuse_post(channel.id)
    if wait is not None:
        call.headers["Retry-After"] = str(wait)
        raise ApiError("ratelimited")
    thread_ts = call.text("thread_ts")
    if thread_ts and thread_ts not in channel.all_messages:
        raise ApiError("invalid_arguments")
    return channel


def _sees(call: Call, file: StoredFile) -> bool:
    places = [call.workspace.channels[place] for reach in file.shares.values() for place in reach]
    me = call.app.bot_user_id
    return file.user == me or any(place.kind == "channel" or me in place.members for place in places)


def info(call: Call) -> Json:
    """Describe a file with the places where it was shared."""
    file = call.workspace.files.get(call.text("file"))
    if file is None or not _sees(call, file):
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    return {"file": file.wire(with_shares=True), "comments": [], "response_metadata": {"next_cursor": ""}}


METHODS = {
    "files.getUploadURLExternal": Method(
        get_upload_url, ("files:write",), ("filename", "length"), ("alt_txt", "snippet_type"), per_minute=100
    ),
    "files.completeUploadExternal": Method(
        complete_upload, ("files:write",), ("files",),
        ("blocks", "channel_id", "channels", "initial_comment", "thread_ts"), per_minute=100,
    ),
    "files.info": Method(info, ("files:read",), ("file",), ("count", "cursor", "limit", "page"), per_minute=100),
}  # fmt: skip
