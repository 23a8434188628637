"""Sessions of a workshop: tables and people, half-years that open and close, and the debrief."""
