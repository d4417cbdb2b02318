"""The content of the pages, written through MLflow's own client."""
