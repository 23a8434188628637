"""Words: results in plain English, from single terms to the diary, the summary and whole documents."""
