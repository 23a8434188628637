"""Running a study: worker processes, tasks, replications, the journal, and tables at the end."""
