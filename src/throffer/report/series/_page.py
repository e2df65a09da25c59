"""The result on a file as one HTML page that opens offline."""

from __future__ import annotations

from typing import Any

from throffer.report import _shell as shell
from throffer.report.series import _charts as charts
from throffer.report.series import _tables as tables
from throffer.report.series import _words as words
from throffer.series import SeriesResult


def render_series(result: SeriesResult, command: str = "") -> str:
    """The whole page as HTML text.

    Names of files and columns are untrusted and are escaped.
    """
    content: dict[str, Any] = {}
    if result.events:
        content = {
            "chart": charts.event_chart(result.events),
            "backgrounds": tables.background_table(result.events),
            "tests": tables.test_table(result.events),
            "peaks": tables.peak_table(result.events),
        }
    elif result.values:
        content = {
            "chart": charts.value_chart(result.values),
            "trends": tables.trend_table(result.values),
            "alarms": tables.alarm_table(result.values),
        }
    elif result.sizes:
        content = {
            "chart": charts.tail_chart(result.sizes),
            "numbers": tables.size_table(result.sizes),
        }
    return shell.render(
        "series",
        result=result,
        headline=words.headline(result),
        identity=tables.identity_rows(result.identity),
        command=command,
        **content,
    )
