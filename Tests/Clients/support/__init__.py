"""Shared by all suites in this directory: starting and stopping servers."""
