"""The What-if room without its page: what can be asked, what a browser asked, and answers that refine."""
