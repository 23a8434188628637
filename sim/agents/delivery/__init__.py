"""Those who carry packages, and what packages leave behind."""
