"""The summary of a study: answer, risks, differences, tables and review dates."""
