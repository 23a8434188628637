"""Leading indicators: which measures at months 6, 12 and 18 foretell how a history ends, scored out of sample."""

from sim.analysis.indicators.foretelling import ENDINGS, Foretold, Indicators, Score, indicators

__all__ = ["ENDINGS", "Foretold", "Indicators", "Score", "indicators"]
