"""Figures drawn on the server: small typed values in, safe SVG out.

Every figure has a name for a screen reader, draws what is missing, and uses only classes of `data.css`.
A figure never stands alone: the page puts a table with the same facts beside it.
"""

from .circle import CircleLine, CircleMark, circle
from .days import UseDay, day_strip, seven_days
from .ladder import ladder
from .lanes import Lane, LaneMark, LaneNumber, LaneSpan, LineNote
from .score_chart import score_chart
from .scores import Band, ScorePoint
from .slot_map import MapGate, MapRow, slot_map
from .sparkline import sparkline
from .steps import Pillar, pillars
from .stitches import Phase, stitches
from .time_line import LineEvent, LineMeeting, LinePoint, LineSpan, TimeLine, time_line
from .weeks import week_bars

__all__ = [
    "Band",
    "Lane",
    "LaneMark",
    "LaneNumber",
    "LaneSpan",
    "LineNote",
    "LineEvent",
    "LineMeeting",
    "LinePoint",
    "LineSpan",
    "CircleLine",
    "CircleMark",
    "MapGate",
    "MapRow",
    "Phase",
    "Pillar",
    "ScorePoint",
    "TimeLine",
    "UseDay",
    "circle",
    "day_strip",
    "ladder",
    "pillars",
    "score_chart",
    "seven_days",
    "slot_map",
    "sparkline",
    "stitches",
    "time_line",
    "week_bars",
]
