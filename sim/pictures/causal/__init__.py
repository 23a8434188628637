"""The causal diagram: things, influences between them, their equations, and an SVG layout."""
