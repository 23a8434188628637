"""Leading indicators: measures at months 6, 12 and 18 that predict a history's ending, scored out of sample."""

from sim.analysis.indicators.foretelling import ENDINGS, Foretold, Indicators, Score, indicators

__all__ = ["ENDINGS", "Foretold", "Indicators", "Score", "indicators"]
