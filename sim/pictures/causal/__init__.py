"""The causal picture: things, influences between them, their equations, and the layout as SVG."""
