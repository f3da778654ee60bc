"""The statuses that a process leaves with."""

EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h
