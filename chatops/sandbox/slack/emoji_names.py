"""Slack's short names for the emoji that people and the product commonly write."""

import re

SHORT_NAMES = {
    "👍": "+1", "👎": "-1", "👀": "eyes", "✅": "white_check_mark", "❌": "x", "⏳": "hourglass_flowing_sand",
    "⌛": "hourglass", "🎉": "tada", "🙏": "pray", "📦": "package", "🔥": "fire", "❤️": "heart", "❤": "heart",
    "😀": "grinning", "😄": "smile", "😂": "joy", "😊": "blush", "😍": "heart_eyes", "😢": "cry", "😡": "rage",
    "🤔": "thinking_face", "😅": "sweat_smile", "😭": "sob", "😉": "wink", "🙂": "slightly_smiling_face", "👋": "wave",
    "👏": "clap", "💪": "muscle", "🚀": "rocket", "⚠️": "warning", "⚠": "warning", "🚨": "rotating_light",
    "🔔": "bell", "🔕": "no_bell", "📌": "pushpin", "📎": "paperclip", "📝": "memo", "📣": "mega",
    "💬": "speech_balloon",
    "🕐": "clock1", "⏰": "alarm_clock", "⏱️": "stopwatch", "⏱": "stopwatch", "🚚": "truck", "💰": "moneybag",
    "💸": "money_with_wings", "🛒": "shopping_trolley", "🛍️": "shopping_bags", "🛍": "shopping_bags", "🔁": "repeat",
    "↩️": "leftwards_arrow_with_hook", "↩": "leftwards_arrow_with_hook", "🔒": "lock", "🔓": "unlock",
    "🟢": "large_green_circle", "🟡": "large_yellow_circle", "🔴": "red_circle", "🟠": "large_orange_circle",
    "⚪": "white_circle", "⚫": "black_circle", "⭐": "star", "💤": "zzz", "🌙": "crescent_moon", "☀️": "sunny",
    "☀": "sunny", "📈": "chart_with_upwards_trend", "📉": "chart_with_downwards_trend", "📊": "bar_chart",
    "🖼️": "frame_with_picture", "🖼": "frame_with_picture", "🎥": "movie_camera", "📷": "camera", "🔗": "link",
    "❗": "exclamation", "❓": "question", "ℹ️": "information_source", "ℹ": "information_source", "🆕": "new",
    "✏️": "pencil2", "✏": "pencil2", "🗑️": "wastebasket", "🗑": "wastebasket", "✋": "hand", "🙌": "raised_hands",
    "🤖": "robot_face", "💯": "100", "🐛": "bug", "☕": "coffee", "🎁": "gift", "🏷️": "label", "🏷": "label",
    "🟦": "large_blue_square", "🟩": "large_green_square", "🟥": "large_red_square", "🟨": "large_yellow_square",
}  # fmt: skip

EMOJI = re.compile("|".join(sorted(map(re.escape, SHORT_NAMES), key=len, reverse=True)))


def to_short_names(text: str) -> str:
    """Return `text` as Slack stores it: each known emoji as `:short_name:`."""
    return EMOJI.sub(lambda found: f":{SHORT_NAMES[found.group()]}:", text)
