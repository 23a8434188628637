"""Files of a study: names, shapes, limits, fingerprints, and crash-safe writing."""
