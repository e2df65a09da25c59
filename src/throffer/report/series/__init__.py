"""The report on a file of events, values or sizes: JSON and one HTML page."""

from throffer.report.series._page import render_series
from throffer.report.series._writing import WrittenSeries, read_series, write_series

__all__ = ["WrittenSeries", "read_series", "render_series", "write_series"]
