"""Helpers of the tests to drive MLflow's web UI and to check what happens there."""
