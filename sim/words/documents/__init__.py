"""Documents: assumptions, validation, logs for auditors, limits, and the README of an export."""
