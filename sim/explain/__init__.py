"""Results in words: the diary of one history, the summary of a study, and the findings that figures carry."""

from sim.explain.diary import diary
from sim.explain.sampled import sampled_summary
from sim.explain.summary import Summary, summary

__all__ = ["Summary", "diary", "sampled_summary", "summary"]
