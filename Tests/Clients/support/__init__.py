"""Shared by all suites in this folder: starting and stopping servers."""
