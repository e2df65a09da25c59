"""Statistics that several rooms need: intervals, clusters, penalised fits, agreement."""
