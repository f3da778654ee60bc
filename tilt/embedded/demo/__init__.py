"""A purchase, narrated: what ``make demo`` shows against the running mesh."""
