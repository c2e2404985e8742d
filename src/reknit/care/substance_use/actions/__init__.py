"""Every change to what is known about use. `calendar`: days. `reports`: a return to use as it was told. `results`: tests,
cravings and one client's own rule. Nothing outside `calendar` overwrites a day.
"""

from .calendar import (
    choose_substances,
    monitor,
    monitor_imported,
    record_imported_days,
    record_use_days,
    stop_monitoring,
)
from .reports import Reported, change_use_episode, report_use_episode, take_back_use_episode
from .results import record_craving, record_test_result, set_lapse_rule, take_back_test_result

__all__ = [
    "Reported",
    "change_use_episode",
    "choose_substances",
    "monitor",
    "monitor_imported",
    "record_craving",
    "record_imported_days",
    "record_test_result",
    "record_use_days",
    "report_use_episode",
    "set_lapse_rule",
    "stop_monitoring",
    "take_back_test_result",
    "take_back_use_episode",
]
