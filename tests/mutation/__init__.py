"""Small faults put into the engine on purpose, to see whether a quick test notices."""
