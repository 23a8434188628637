"""Plans: partnership, scenario and overrides read strictly and composed into settings."""
