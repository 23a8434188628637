"""The game of a workshop: packs, cards, team stories, and their histories."""
