"""report.audit: TODO."""
