"""The report of an audit: report.json and report.html."""
