"""Every kind of delivery and who carries it."""

from collections.abc import Mapping

from chatops.delivery import (
    beside_thread,
    digest_file,
    digest_picture,
    digests,
    duty,
    into_thread,
    oncall_feed,
    outlets,
    rates,
    recap,
    rota_picture,
    summoning,
    to_buyer,
)
from chatops.delivery.hand import Carrier
from chatops.outbox import Kind

CARRIERS: Mapping[str, Carrier] = {
    Kind.OPEN_THREAD: into_thread.open_thread,
    Kind.MIRROR: into_thread.mirror,
    Kind.NOTICE: into_thread.notice,
    Kind.SPOKEN: into_thread.spoken,
    Kind.TOLD: into_thread.told,
    Kind.CHANNEL_NOTICE: beside_thread.channel_notice,
    Kind.ROTA_PICTURE: rota_picture.rota_picture,
    Kind.ROTA: duty.rota,
    Kind.DUTY: duty.direct,
    Kind.RECAP: recap.recap,
    Kind.GROUP: duty.group,
    Kind.ONCALL_FEED: oncall_feed.address,
    Kind.SUMMON: summoning.summon,
    Kind.PAGE_CHANNEL: summoning.page_channel,
    Kind.OUTLET: outlets.outlet,
    Kind.DIGEST_COUNT: digests.count,
    Kind.DIGEST_POST: digests.post,
    Kind.DIGEST_THREAD: digests.open_thread,
    Kind.DIGEST_SECTION: digests.section,
    Kind.DIGEST_PICTURE: digest_picture.show,
    Kind.DIGEST_FAILED: digests.failed,
    Kind.DIGEST_FILE: digest_file.handed,
    Kind.RATE_TO_PERSON: rates.to_person,
    Kind.RATE_TO_CHANNEL: rates.to_channel,
    Kind.REDRAW: beside_thread.redraw,
    Kind.MARK: beside_thread.mark,
    Kind.WHISPER: beside_thread.whisper,
    Kind.REMOVE: beside_thread.remove,
    Kind.LEARN_AGENT: beside_thread.learn_agent,
    Kind.REPLY: to_buyer.reply,
    Kind.LEARN_BUYER: to_buyer.learn_buyer,
}
