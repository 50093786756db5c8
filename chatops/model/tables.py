"""Every table of the product, so that one import knows the whole schema."""

from chatops.model.agent import Agent
from chatops.model.binding import Binding
from chatops.model.clock import AlarmRaised, Clock, ClockRecord, Promised
from chatops.model.conversation import Buyer, Conversation
from chatops.model.definition import Definition
from chatops.model.digest import Digest, DigestWatch
from chatops.model.form_draft import FormDraft
from chatops.model.history import History
from chatops.model.inbox import Inbox
from chatops.model.let_go import LetGo
from chatops.model.macro import Macro, MacroText, MacroUse, MacroVersion
from chatops.model.media import Media
from chatops.model.message import Message
from chatops.model.oncall_feed import OnCallFeed
from chatops.model.outage import ReachRecord
from chatops.model.outlet import Outlet, OutletCall
from chatops.model.page import Page, PageNotice, PageRecord, Summons
from chatops.model.performance import Performance
from chatops.model.rate_alarm import RateAlarm
from chatops.model.recap import RecapWatch
from chatops.model.recount import Recount
from chatops.model.report_link import ReportLink
from chatops.model.rotation import OnCall, Override, RotationWatch, ShiftSwap
from chatops.model.rulebook import Rulebook, RuleDraft
from chatops.model.runtime import Runtime
from chatops.model.setting import Setting
from chatops.model.shop import Authorization, PollMark, Route, Shop
from chatops.model.team import Team
from chatops.model.thread import Mirror, Thread
from chatops.model.ticket import Ticket
from chatops.model.tier import Tier
from chatops.model.workspace import Workspace

TABLES = (
    Workspace,
    Agent,
    Authorization,
    Shop,
    PollMark,
    Route,
    Buyer,
    Conversation,
    Ticket,
    Thread,
    Message,
    Mirror,
    Media,
    Inbox,
    History,
    LetGo,
    Setting,
    Macro,
    MacroText,
    MacroVersion,
    MacroUse,
    Rulebook,
    RuleDraft,
    FormDraft,
    Binding,
    Team,
    Tier,
    Definition,
    Outlet,
    OutletCall,
    Override,
    ShiftSwap,
    OnCall,
    RotationWatch,
    OnCallFeed,
    Digest,
    DigestWatch,
    Performance,
    RecapWatch,
    RateAlarm,
    Page,
    PageRecord,
    PageNotice,
    Summons,
    Promised,
    ClockRecord,
    Clock,
    AlarmRaised,
    ReachRecord,
    Recount,
    ReportLink,
    Runtime,
)
