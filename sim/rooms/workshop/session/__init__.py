"""Sessions of a workshop: tables and people, timed half-years, and the debrief."""
