"""report.relations: TODO."""
