"""What all suites in this folder share: starting and stopping the servers that they talk to."""
