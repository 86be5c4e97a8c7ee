"""Record types of the whole state of the model.

Arrays of these records are the whole state of an organisation: rules read and write
them, and agents are views on them. People are in the order of their seat keys.
"""

import numpy as np

from simulation.tables import PARAMETERS, STRUCTURE

CHANNELS = ("social", "search", "email", "content", "events", "website")
DOMAINS = (
    *CHANNELS,
    "communication",
    "sales",
    "product",
    "finance",
    "hr",
    "customer_success",
)
COMMUNICATION_DOMAIN = len(CHANNELS)
SALES_DOMAIN = COMMUNICATION_DOMAIN + 1
LANES = 16
"""Domains for which lanes are reserved: lane of a choice = ordinal * LANES + domain."""
THEMES = 16
"""Number of themes over which priorities are set; each customer journey has one."""

ROLES = ("leader", "marketeer", "communicator", "sales", "colleague", "external")
LEADER, MARKETEER, COMMUNICATOR, SALES, COLLEAGUE, EXTERNAL = range(6)

DEPARTMENTS = (
    "management",
    "marketing",
    "communication",
    "sales",
    "product",
    "finance",
    "hr",
    "customer_success",
)

MARKETING, COMMUNICATION = 1, 2

WORKING, ON_LEAVE, VACANT = range(3)
IDLE, IN_WORK, AT_GATE = range(3)
LINE, TEAM, MEETING, PROJECT, JOURNEY, INFORMAL, IMPORTED, BROKER = range(8)
LAYERS = (
    "line",
    "team",
    "meeting",
    "project",
    "journey",
    "informal",
    "imported",
    "broker",
)
LEAD_FREE, LEAD_WAITING = range(2)
UNSEEN = -1.0
"""Value of a lead's `due` while nobody has looked at the lead."""

LEADS_KEPT_WEEKS = 12
"""Twice the leads expected in so many weeks is how many leads there is room for."""
LONGEST_WAIT = 64
"""Bins, one week each, in which waits are counted; the last holds longer ones too."""
BALLOT_PLANES = 10
"""Bit planes in which votes are counted: up to 1,023 votes."""

KNOWN, VALUE, NEXT_KNOWN, NEXT_VALUE, OWN = range(5)
"""Planes of beliefs: whether one holds a belief, which belief, both of these after this
phase, and which items are one's own."""
SURE, NEXT_SURE, SEEN, NEXT_SEEN, NEWLY_SEEN = 5, 8, 11, 12, 13
"""Further planes: the three binary digits of the evidence beyond the first step, now
and after this phase; what one thinks is executed or about to be, now and next; and
which of that is new."""
SURE_DIGITS = 3
FOCUS = 14
"""Plane of the items in journeys that one considers priorities."""
TURNED = 15
"""Plane of the items whose wish, as one thinks, is turned by what their mates show."""
MATES = 16
"""Plane of the items of others in one's own journeys."""
BELIEF_PLANES = 17
WRITTEN_KNOWN, WRITTEN_VALUE = 2, 3
"""Planes of the strategy besides KNOWN, VALUE and SURE: what is written down."""
STRATEGY_PLANES = 8
WANTED, VISIBLE, EXISTS, EXECUTED, PLANNED, WISHED, HISTORY = range(7)
"""Rows of the market: what customers want, given what the mates of an item show; the
visible optimum; which choices exist; what is executed; what will be executed once the
work in hand is done; what is wished of an item by itself; and, from HISTORY on, a ring
buffer of what was wanted and executed."""
HISTORY_WEEKS = 16
THEME = HISTORY + 2 * HISTORY_WEEKS
"""First of the market's rows that mark the items of each theme."""
MARKET_ROWS = THEME + THEMES


def _record(integers: str, floats: str, first: tuple = ()) -> np.dtype:
    fields = [(name, np.int64) for name in integers.split()]
    return np.dtype(
        list(first) + fields + [(name, np.float64) for name in floats.split()]
    )


SEAT = _record("key role department domain unit leader natural order", "hours")
"""A seat as founding reads it: `unit` numbers (department, team), `leader` is a seat or
-1, `natural` the rank by name, `order` that by name of the domain and then by name."""
EDGE = _record("a b", "hours weight")
"""A tie of an imported graph: hours a week or a relative weight, nan if not given."""
PERSON = _record(
    # who and where
    "seat generation who role department domain team leader project_leader"
    " leader_separate leader_integrated team_channel team_mixed own_department"
    " external seat_external maker"
    # ranges into the flat lists of ties, own items and reports
    " first_tie last_tie first_choice last_choice first_report last_report"
    # what is going on
    " version status until tenure picture next_picture stated"
    " doing wish leaving speaks"
    # learning of this week, beliefs about own items at its end
    " corrections corruptions taken_over right wrong unknown mates_right mates_items"
    " stock_start"
    # leads of this week, of sales people
    " leads_in_hand leads_judged leads_answered leads_pursued leads_within_hour",
    # lasting
    "contract mix_rank second_rank trait felt_demands felt_control felt_support"
    " eagerness"
    " routine_trait ability values craft"
    # slow states
    " episode life relation latitude form scar"
    " fatigue exhaustion next_fatigue next_exhaustion"
    " withdrawal intention sick_days motivation ownership"
    " territory safety backlog routine_waiting change_progress own_share chosen_share"
    " overruled progress told sureness breadth experience slowness zeal"
    # this week
    " demands control support clarity conflict torn waiting pressure load productivity"
    " item_hours talk_each listen_each hears review_each"
    " review_hours review_carry strategy_hours change_each talked listened feedback"
    " deliverables dropped questions questions_up answered guessed redo_hours"
    " performance experience_near unit_cost hours_cover"
    " score estimate closed practice answer_hours"
    # hours of this week
    " hours_meeting hours_admin hours_side hours_refused hours_routine hours_items"
    " hours_rework hours_duplicate hours_testing hours_training hours_writing"
    " hours_change hours_over hours_review hours_talks hours_questions hours_idle"
    " hours_initiative hours_sick unseen"
    " hours_total hours_contract",
)
CHOICE = _record(
    "exists domain bundle theme executor first_mate last_mate worker executed proposal"
    " stage opened proposed decided launched reviewed decided_by_executor initiative"
    " decider"
    " overruled reading shocked depends changed compared_at verdict",
    "work_left duplicate attention claim feedback wait value value_before",
)
TIE = _record(
    "a b layer"
    # this week: whether the two exchange what they know
    " active",
    "trust failures moved pending contact bond chance understood",
)
NEIGHBOUR = _record("person tie", "")
LEAD = _record("stage born choice rep number fits", "due")
FIRM = _record(
    "week version items channel_items top champion broker"
    " prospects leads_handed leads_fitting leads_accepted leads_pursued leads_answered"
    " leads_won leads_expired leads_waiting inbound inbound_won decisions launches"
    " initiative_items joiners leavers exhausted_exits kept lost leads_listed"
    " shock_week shock_is_real themes stated_size period_weeks",
    "brand budget leads_period leads_before revenue cost pipeline"
    " change_cost load values consistency fit bundle_fit decision_weeks"
    " champion_each change_euros_due",
    first=(("key", np.uint64),),
)
KEPT = (
    "fatigue",
    "exhaustion",
    "motivation",
    "ownership",
    "safety",
    "trust",
    "enacted",
    "episode",
    "life",
    "relation",
    "form",
    "scar",
    "withdrawal",
    "intention",
    "question",
)
"""Quantities that fade weekly, with time constants in the parameters `<name>_weeks`."""
PARAMETER = _record("", " ".join((*PARAMETERS, *(f"keep_{name}" for name in KEPT))))
"""Parameters, and the share exp(-1/tau) left after a week of each that fades."""
STRUCTURE_RECORD = _record(
    "", " ".join(STRUCTURE) + " change_hours_per_person change_euros"
)


def records(dtype: np.dtype, size: int) -> np.recarray:
    """Return `size` zeroed records of `dtype`, readable as attributes."""
    return np.zeros(size, dtype).view(np.recarray)
