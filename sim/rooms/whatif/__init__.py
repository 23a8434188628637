"""The What-if room without its page: the form, the browser's questions, and progressively refined answers."""
