"""Figures drawn on the server: small typed values in, safe SVG out.

Every figure has a name for a screen reader, draws what is missing, and uses only classes of `data.css`.
A figure never stands alone: the page puts a table with the same facts beside it.
"""

from .circle import CircleLine, CircleMark, circle
from .days import UseDay, day_strip, seven_days
from .score_chart import score_chart
from .scores import Band, ScorePoint
from .sparkline import sparkline
from .stitches import Phase, stitches

__all__ = [
    "Band",
    "CircleLine",
    "CircleMark",
    "Phase",
    "ScorePoint",
    "UseDay",
    "circle",
    "day_strip",
    "score_chart",
    "seven_days",
    "sparkline",
    "stitches",
]
