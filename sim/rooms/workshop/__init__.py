"""The workshop: teams play one partnership with the same luck, half-year by half-year, then debrief.

A team's state is settings, seed, replication and its decisions by month; everything else is replayed from them.
"""
