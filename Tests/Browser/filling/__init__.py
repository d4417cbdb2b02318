"""What the pages show: all of it written through MLflow's own client."""
