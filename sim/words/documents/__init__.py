"""Generated documents: assumptions, validation, audit logs, limits, and the README of an export."""
