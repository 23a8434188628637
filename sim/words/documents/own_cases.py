"""Instructions for writing your own validation cases, for docs/validation.md."""

EXAMPLE = """\
name: Our own partnership
meaning: What was published about it, and where the plan comes from.
partnership:
  start_year: 2018
  councils:
    - {name: North, headcount: 310, service_expenditure_gbp_m: 21.5}
    - {name: South, headcount: 280, service_expenditure_gbp_m: 19.0}
scenario: structure_first
levers:
  pace: {months_between_waves: 4}
shocks:
  - {month: 30, kind: chief_executive_leaves}
known:
  - {outcome: dissolved, at_date: 2024-05, high: 0, source: annual report 2024}
figures:
  - name: Saving a year by May 2024
    outcome: recurrent_saving_gbp_m
    at_date: 2024-05
    low: 1.2
    high: 1.5
    kind: outturn
    source: annual report 2024
    role: holdout
    reason: Never used to choose a quantity.
"""

GUIDE = f"""`tandem validate --cases FOLDER` does the same with a folder of your own, one YAML file a case:

```yaml
{EXAMPLE}```

| key | meaning |
| --- | --- |
| `partnership` | one of the ten built in, or the councils themselves; gaps are filled with a stated default |
| `start` | month of the decision to share, such as 2018-07, where the partnership's own is not meant |
| `start_state` | tiers and services that were shared by then, such as [chief_executive, hr] |
| `held` | levers that stay as the plan has them, or `all`; else those that neither it nor the case sets are drawn |
| `scenario`, `levers`, `decisions`, `shocks` | what was done and what befell them, as in a plan of your own |
| `horizon_months` | how long the history is, 120 if nothing is said |
| `known` | what is known to have happened; only histories in which it does are compared |
| `outcome` | any outcome (`tandem list outcomes`), monthly series, or measure of the table below |
| `at_month`, `at_date` | when it is read, by month of the history or of the calendar; neither: at the end |
| `value`, or `low` and `high` | what was published; one of `low` and `high` may be left out |
| `kind` | `outturn`, `target` or `forecast` |
| `role`, `reason` | `calibrate`, `holdout` or `context`, settled beforehand, and why |
| `limits` | what the comparison leaves out, for whoever wonders about a miss |
| `scope: service`, `service` | one service shared and nothing before it: its name, staff and budget over all councils |
| `scope: population`, `population` | several partnerships: `partnerships`, `plans` with weights, `councils` to scale \
sums to, `respondents` to ask; figures take `statistic: sum`, `mean`, or `count` with `at_least` or `at_most` |
| `scope: council` | one council alone, which the model cannot play: figures of role context only |"""
