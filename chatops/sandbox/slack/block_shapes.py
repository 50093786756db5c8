"""Block Kit: the blocks, elements and composition objects the world accepts, with Slack's limits."""

from chatops.sandbox.slack.shapes import BOOL, NUMBER, ByType, Fields, ListOf, Of, Shape, Str, Text

ID = Str(255)
CONFIRM = Fields(
    {"title": Text(100, plain_only=True), "text": Text(300), "confirm": Text(30, plain_only=True),
     "deny": Text(30, plain_only=True), "style": Str(among=("primary", "danger"))},
    required=("title", "text", "confirm", "deny"),
)  # fmt: skip
OPTION = Fields(
    {"text": Text(75), "value": Str(150, 1), "description": Text(75), "url": Str(3000)}, required=("text", "value")
)
GROUP = Fields({"label": Text(75, plain_only=True), "options": ListOf(OPTION, 100)}, required=("label", "options"))
FILTER = Fields({"include": ListOf(Str(), 4), "exclude_external_shared_channels": BOOL, "exclude_bot_users": BOOL})
DISPATCH = Fields({"trigger_actions_on": ListOf(Str(), 2)})
SLACK_FILE = Fields({"id": ID, "url": Str(3000)})
COMMON: dict[str, Shape] = {"type": Str(), "action_id": ID, "confirm": CONFIRM, "focus_on_load": BOOL}
HINTED: dict[str, Shape] = COMMON | {"placeholder": Text(150, plain_only=True)}
CHOICES: dict[str, Shape] = HINTED | {"options": ListOf(OPTION, 100), "option_groups": ListOf(GROUP, 100)}
MANY: dict[str, Shape] = {"max_selected_items": NUMBER}
IMAGE = Fields(
    {"type": Str(), "image_url": Str(3000), "alt_text": Str(2000), "slack_file": SLACK_FILE}, required=("alt_text",)
)


def _select(name: str, initial: Shape, **more: Shape) -> dict[str, Shape]:
    single: Shape = Fields(HINTED | {f"initial_{name}": initial, "response_url_enabled": BOOL, **more})
    multi: Shape = Fields(HINTED | MANY | {f"initial_{name}s": ListOf(initial, 100), **more})
    return {"": single, "multi_": multi}


def _text_input(**more: Shape) -> Shape:
    return Fields(HINTED | {"initial_value": Str(3000), "dispatch_action_config": DISPATCH, **more})


_USERS, _TALKS = _select("user", ID), _select("conversation", ID, default_to_current_conversation=BOOL, filter=FILTER)
_CHANNELS = _select("channel", ID)
ELEMENTS: dict[str, Shape] = {
    "button": Fields(
        COMMON | {"text": Text(75, plain_only=True), "url": Str(3000), "value": Str(2000),
                  "style": Str(among=("primary", "danger")), "accessibility_label": Str(75)},
        required=("text",),
    ),
    "static_select": Fields(CHOICES | {"initial_option": OPTION}),
    "multi_static_select": Fields(CHOICES | MANY | {"initial_options": ListOf(OPTION, 100)}),
    "external_select": Fields(HINTED | {"initial_option": OPTION, "min_query_length": NUMBER}),
    "multi_external_select": Fields(
        HINTED | MANY | {"initial_options": ListOf(OPTION, 100), "min_query_length": NUMBER}
    ),
    "users_select": _USERS[""], "multi_users_select": _USERS["multi_"],
    "conversations_select": _TALKS[""], "multi_conversations_select": _TALKS["multi_"],
    "channels_select": _CHANNELS[""], "multi_channels_select": _CHANNELS["multi_"],
    "overflow": Fields(COMMON | {"options": ListOf(OPTION, 5)}, required=("options",)),
    "radio_buttons": Fields(COMMON | {"options": ListOf(OPTION, 10), "initial_option": OPTION}, required=("options",)),
    "checkboxes": Fields(
        COMMON | {"options": ListOf(OPTION, 10), "initial_options": ListOf(OPTION, 10)}, required=("options",)
    ),
    "datepicker": Fields(HINTED | {"initial_date": Str(10)}),
    "timepicker": Fields(HINTED | {"initial_time": Str(5), "timezone": Str(100)}),
    "datetimepicker": Fields(COMMON | {"initial_date_time": NUMBER}),
    "plain_text_input": _text_input(multiline=BOOL, min_length=NUMBER, max_length=NUMBER),
    "email_text_input": _text_input(), "url_text_input": _text_input(),
    "number_input": _text_input(is_decimal_allowed=BOOL, min_value=Of((str, int)), max_value=Of((str, int))),
    "file_input": Fields(COMMON | {"filetypes": ListOf(Str(), 100), "max_files": NUMBER}),
    "image": IMAGE,
}  # fmt: skip
IN_SECTION = (
    "button", "static_select", "multi_static_select", "external_select", "multi_external_select", "users_select",
    "multi_users_select", "conversations_select", "multi_conversations_select", "channels_select",
    "multi_channels_select", "overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker", "image",
)  # fmt: skip
IN_ACTIONS = (
    "button", "static_select", "external_select", "users_select", "conversations_select", "channels_select",
    "overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker", "datetimepicker", "multi_static_select",
    "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
)  # fmt: skip
IN_INPUT = tuple(kind for kind in ELEMENTS if kind not in {"button", "overflow", "image"})

STYLE = Fields(dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), BOOL))
RICH = ByType(
    {
        "text": Fields({"type": Str(), "text": Str(40_000), "style": STYLE}, required=("text",)),
        "link": Fields(
            {"type": Str(), "url": Str(3000), "text": Str(), "unsafe": BOOL, "style": STYLE}, required=("url",)
        ),
        "user": Fields({"type": Str(), "user_id": ID, "style": STYLE}, required=("user_id",)),
        "usergroup": Fields({"type": Str(), "usergroup_id": ID, "style": STYLE}, required=("usergroup_id",)),
        "channel": Fields({"type": Str(), "channel_id": ID, "style": STYLE}, required=("channel_id",)),
        "broadcast": Fields({"type": Str(), "range": Str(among=("here", "channel", "everyone"))}, required=("range",)),
        "emoji": Fields(
            {"type": Str(), "name": Str(100), "unicode": Str(100), "skin_tone": NUMBER, "style": STYLE},
            required=("name",),
        ),
        "date": Fields(
            {"type": Str(), "timestamp": NUMBER, "format": Str(), "url": Str(), "fallback": Str(), "style": STYLE},
            required=("timestamp", "format"),
        ),
        "color": Fields({"type": Str(), "value": Str(20)}, required=("value",)),
    }
)
_RICH_LIST = ListOf(RICH, 1000, 0)
_SECTION = Fields({"type": Str(), "elements": _RICH_LIST}, required=("elements",))
RICH_PARTS = ByType(
    {
        "rich_text_section": _SECTION,
        "rich_text_quote": Fields({"type": Str(), "elements": _RICH_LIST, "border": NUMBER}, required=("elements",)),
        "rich_text_preformatted": Fields(
            {"type": Str(), "elements": _RICH_LIST, "border": NUMBER, "language": Str(50)}, required=("elements",)
        ),
        "rich_text_list": Fields(
            {"type": Str(), "style": Str(among=("bullet", "ordered")), "indent": NUMBER, "offset": NUMBER,
             "border": NUMBER, "elements": ListOf(ByType({"rich_text_section": _SECTION}), 1000)},
            required=("style", "elements"),
        ),
    }
)  # fmt: skip
RICH_TEXT = Fields({"type": Str(), "block_id": ID, "elements": ListOf(RICH_PARTS, 1000, 0)}, required=("elements",))
ELEMENTS["rich_text_input"] = Fields(HINTED | {"initial_value": RICH_TEXT, "dispatch_action_config": DISPATCH})
CELL = ByType(
    {
        "raw_text": Fields({"type": Str(), "text": Str(3000, 1)}, required=("text",)),
        "raw_number": Fields({"type": Str(), "value": NUMBER, "text": Str()}, required=("value",)),
        "rich_text": RICH_TEXT,
    }
)


def _block(required: tuple[str, ...] = (), **fields: Shape) -> Shape:
    return Fields({"type": Str(), "block_id": ID, **fields}, required=required)


BLOCKS: dict[str, Shape] = {
    "section": _block(
        text=Text(3000), fields=ListOf(Text(2000), 10), accessory=ByType(ELEMENTS, IN_SECTION), expand=BOOL
    ),
    "header": _block(("text",), text=Text(150, plain_only=True), level=NUMBER),
    "divider": _block(),
    "image": _block(
        ("alt_text",), image_url=Str(3000), alt_text=Str(2000), title=Text(2000, plain_only=True), slack_file=SLACK_FILE
    ),
    "context": _block(
        ("elements",),
        elements=ListOf(ByType({"image": IMAGE, "plain_text": Text(3000), "mrkdwn": Text(3000)}), 10),
    ),
    "actions": _block(("elements",), elements=ListOf(ByType(ELEMENTS, IN_ACTIONS), 25)),
    "input": _block(
        ("label", "element"), label=Text(2000, plain_only=True), element=ByType(ELEMENTS, IN_INPUT),
        hint=Text(2000, plain_only=True), optional=BOOL, dispatch_action=BOOL,
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block(("text",), text=Str(12_000, 1)),
    "table": _block(
        ("rows",), rows=ListOf(ListOf(CELL, 20), 100),
        column_settings=ListOf(Fields({"align": Str(among=("left", "center", "right")), "is_wrapped": BOOL}), 20, 0),
    ),
    "file": _block(("external_id", "source"), external_id=ID, source=Str()),
    "video": _block(
        ("alt_text", "title", "thumbnail_url", "video_url"), alt_text=Str(2000), title=Text(199, plain_only=True),
        author_name=Str(49), description=Text(200, plain_only=True), provider_icon_url=Str(), provider_name=Str(),
        thumbnail_url=Str(), title_url=Str(), video_url=Str(),
    ),
}  # fmt: skip
VIEW = Fields(
    {
        "type": Str(among=("modal", "home")), "blocks": ListOf(ByType(BLOCKS), 100, 0),
        "title": Text(24, plain_only=True),
        "submit": Text(24, plain_only=True), "close": Text(24, plain_only=True), "private_metadata": Str(3000),
        "callback_id": ID, "external_id": ID, "clear_on_close": BOOL, "notify_on_close": BOOL, "submit_disabled": BOOL,
    },
    required=("type", "blocks"),
)  # fmt: skip
