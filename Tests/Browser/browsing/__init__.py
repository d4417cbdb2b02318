"""What the tests need to drive MLflow's web UI and to judge what happens there."""
