"""Mechanisms between people who decide: results, trust, fairness, buy-in, identity, politics, elections."""

from __future__ import annotations

from sim.glass.parts import Equation, Sheet

MOMENTUM = Sheet(
    "momentum", "Results and momentum",
    "Members judge by what has been saved against what they expected by now: in part what the business case said, "
    "in part the relief that budgets need. Above a threshold results feed commitment, below it they wear it away.",
    (
        Equation(
            "results", "logistic(momentum.sensitivity * (delivered - expected))",
            "perceived_results(delivered, expected, momentum.sensitivity)",
        ),
        Equation(
            "expected",
            "plan.prudence * ((1 - momentum.weight_of_need) * promised_by_now + momentum.weight_of_need "
            "* min(1, months / (12 * momentum.relief_needed_years)))",
            file="members.py",
        ),
        Equation("adds_to_buy_in", "members.by_results * (results - momentum.threshold)", file="members.py"),
    ),
    {
        "delivered": "saving a year now, as a share of the target",
        "expected": "what is expected by now, as a share of the target",
        "promised_by_now": "what the business case says for this month",
        "months": "months since the start",
        "results": "results as they look, smoothed over some months; one half is as expected",
    },
    ("M-MB2", "M-FN2", "S16"), ("members.py",), ("momentum.*", "members.results_months"), switch="momentum",
    off="Results always look as expected: nobody is won or lost by them.",
)  # fmt: skip
TRUST = Sheet(
    "trust", "Trust",
    "In each relationship that matters, trust follows what was lately lived through: whether the other is able, "
    "means well, is open, keeps to dates. It is lost faster than it is built, and damage is remembered: it lowers "
    "how high trust can rise again.",
    (
        Equation(
            "lived_through", "(ability + benevolence + integrity + predictability) / 4", file="relationships.py",
        ),
        Equation(
            "heads_for", "min(lived_through, 1 - trust.damage_lowers_ceiling * damage)",
            "trust_responses((level,), (lived_through,), (damage,), (0, 0, 0, 0, trust.damage_lowers_ceiling))",
        ),
        Equation("months_to_build", "trust.build_months", file="relationships.py"),
        Equation("months_to_lose", "trust.build_months / trust.erosion_factor", file="relationships.py"),
        Equation("months_to_lose", "trust.build_months", file="relationships.py", form="symmetric"),
        Equation("ability", "trust.ability_start + trust.by_results * (results - 0.5)", file="relationships.py"),
        Equation("predictability", "trust.predictability_start - trust.by_lateness * behind", file="relationships.py"),
        Equation("integrity", "trust.integrity_start + trust.by_communication * openness", file="relationships.py"),
        Equation(
            "benevolence",
            "trust.benevolence_start + trust.by_care * care - trust.by_losses * losses - fairness.on_trust "
            "* unfairness - trust.by_strain * strain - trust.by_hr_queue * queue",
            file="relationships.py",
        ),
    ),
    {
        "ability": "how able the other seems",
        "benevolence": "how well the other seems to mean",
        "integrity": "how open the other is",
        "predictability": "whether dates are kept",
        "lived_through": "the mean of the four",
        "damage": "damage remembered from earlier falls",
        "level": "trust now",
        "results": "results as they look",
        "behind": "how far the programme trails its plan",
        "openness": "mean of communication and of openness about money",
        "care": "what the levers that concern this relationship do for it",
        "losses": "jobs lately lost (staff and unions)",
        "unfairness": "unfairness felt (leaders and members)",
        "strain": "strain over terms (unions)",
        "queue": "the queue at HR (HR and managers)",
    },
    ("M-TR1", "M-TR2", "M-TR3", "M-MB10", "S17"), ("relationships.py",),
    ("trust.*", "governance.talks_build", "governance.rushed", "governance.rushed_trust", "governance.insider_trust",
     "governance.stands_aside_trust", "governance.known_trust"),
    switch="trust", off="Trust stays where it was at the start.",
    rivals=(("symmetric", "Trust is lost no faster than it is built, and damage is forgotten at once."),),
)  # fmt: skip
FAIRNESS = Sheet(
    "fairness", "Fairness",
    "A council that gets less of the benefit than it expects, or loses more jobs than its part, resents it until "
    "the matter is faced openly. Resentment lowers trust and buy-in.",
    (
        Equation(
            "felt_unfairness",
            "max(0, min(1, (benefit_missing + losses_above) * (1 - fairness.openness_faces * openness)))",
            "felt_unfairness(benefit_missing, losses_above, fairness.openness_faces * openness)",
        ),
        Equation(
            "benefit_missing", "fairness.by_benefit * max(0, expected - got) * share_joined", file="governance.py"
        ),
        Equation(
            "losses_above",
            "fairness.by_losses * max(0, share_of_losses - share_of_staff) * min(1, lost / fairness.losses_noticed)",
            file="governance.py",
        ),
    ),
    {
        "benefit_missing": "benefit expected and not got",
        "losses_above": "jobs lost above one's part",
        "openness": "how openly decisions, costs and savings are shown",
        "expected": "part of the benefit expected, by a mean of size and need",
        "got": "part of the benefit got under the sharing rule",
        "share_joined": "share of services joined",
        "share_of_losses": "this council's share of all jobs lost",
        "lost": "jobs lost so far as a share of all staff at the start",
        "share_of_staff": "its share of all staff",
    },
    ("M-MB5", "D-FAIR"), ("governance.py", "relationships.py", "members.py"), ("fairness.*",), switch="fairness",
    off="Nobody minds who gains and who loses.",
)  # fmt: skip
BUY_IN = Sheet(
    "buy_in", "Members' buy-in and votes",
    "Leaders back what they have a part in, what shows results, and partners they trust; back benches the same, "
    "less fear for identity and jobs lost at home. Each step needs each council's vote: leaders weigh more in "
    "shallow steps, back benches in deep ones. A lost vote delays and hurts; repeated losses drop the step.",
    (
        Equation(
            "leaders_head_for",
            "start_of_leaders + members.by_engagement * (engaged - members.usual_leader_engagement) + by_results "
            "+ members.by_trust * (trust_between_leaders - 0.5) - fairness.on_buy_in * unfairness - politics + shared",
            file="members.py",
        ),
        Equation(
            "back_benches_head_for",
            "start_of_benches + members.by_backbench_engagement * (benches_engaged "
            "- members.usual_backbench_engagement) + by_results + members.by_trust * (trust_in_officers "
            "+ trust_in_leaders - 1) - members.identity_threat * share_joined * threat - members.by_local_losses "
            "* losses - fairness.on_buy_in * unfairness + shared",
            file="members.py",
        ),
        Equation(
            "support", "weight * leaders + (1 - weight) * benches - depth * members.identity_threat * threat",
            file="members.py",
        ),
        Equation("weight", "members.leaders_carry * (1 - depth)", file="members.py"),
        Equation(
            "chance_of_winning", "logistic((support - members.vote_line) / members.vote_spread)",
            "vote_chance(support, members.vote_line, members.vote_spread)",
        ),
    ),
    {
        "start_of_leaders": "buy-in at the start, more where the budget gap is wide",
        "start_of_benches": "the same for back benches",
        "engaged": "how far leaders are involved",
        "benches_engaged": "how far back benches are involved",
        "by_results": "what results add or take",
        "trust_between_leaders": "mean trust with the other councils' leaders",
        "unfairness": "unfairness felt here",
        "politics": "what differing politics take",
        "shared": "what open decisions and aims beyond savings add",
        "trust_in_officers": "members' trust in officers",
        "trust_in_leaders": "back benches' trust in their leaders",
        "share_joined": "share of services joined",
        "threat": "threat to identity here",
        "losses": "jobs lately lost here",
        "weight": "how far leaders carry this vote; all of it in a joint cabinet",
        "leaders": "buy-in of leaders now",
        "benches": "buy-in of back benches now",
        "depth": "how deep the step is, 0 to 1",
        "support": "support for the step",
    },
    ("M-MB1", "M-MB6", "M-MB7", "M-PT1", "M-PT5", "D-MEMBERS"), ("members.py", "work.py"), ("members.*",),
    switch="buy_in", off="Buy-in stays where it was, and every vote is won.",
)  # fmt: skip
IDENTITY = Sheet(
    "identity", "Threat to identity",
    "Members fear for their council's name and independence: more the deeper sharing goes, where sizes are unlike, "
    "where one council's chief executive leads, where powers are handed over, where merger is open or intended. "
    "Assurance calms.",
    (
        Equation(
            "threat",
            "(1 - identity.assurance_calms * assurance) * merger * (1 + governance.delegated_threat * delegated) "
            "* (1 + identity.unequal_sizes * smaller + identity.insider * led_by_other)",
            file="governance.py",
        ),
    ),
    {
        "assurance": "how firmly each council's identity is assured",
        "merger": "one where merger is ruled out, more where it is open or intended",
        "delegated": "one where a joint committee or board decides",
        "smaller": "how far below an even share of staff this council is",
        "led_by_other": "one where the chief executive came from another council",
    },
    ("M-MB3", "M-MB8", "D-IDENTITY", "D-CE", "D-GOVERN"), ("governance.py", "members.py"),
    ("identity.*", "members.identity_threat"), switch="identity",
    off="All councils feel the same threat, whatever their size, and whatever is said about merger.",
)  # fmt: skip
POLITICS = Sheet(
    "politics", "Differing politics",
    "Where partners are controlled by different parties leaders find agreement harder, and part more easily. Under "
    "high trust it costs little, under low trust a lot.",
    (
        Equation(
            "taken_from_buy_in", "members.by_politics * share_unlike * (1 - trust)",
            "politics_cost(members.by_politics * share_unlike, trust)",
        ),
        Equation("adds_to_strain", "endings.by_politics * share_unlike * (1 - trust)", file="shocks.py"),
    ),
    {"share_unlike": "share of partners under other control", "trust": "trust between leaders"},
    ("M-MB8", "P-17"), ("members.py", "shocks.py"), switch="politics",
    off="It makes no difference who controls which council.",
)  # fmt: skip
ELECTIONS = Sheet(
    "elections", "Elections",
    "In each election some members are replaced by newcomers who had no part in the partnership. Control may "
    "change, and a new leader brings a view of their own, worse or better.",
    (
        Equation(
            "back_benches_move_by",
            "seats_up * members.seats_change_hands * (members.newcomers_buy_in + members.by_openness * engagement "
            "- benches)",
            file="members.py",
        ),
        Equation("chance_control_changes", "members.control_changes * seats_up", file="members.py"),
    ),
    {
        "seats_up": "share of seats up for election: whole council, half or a third",
        "engagement": "how far back benchers are involved",
        "benches": "buy-in of back benches before",
    },
    ("M-MB4", "K-CONTROL", "S9"), ("members.py",), switch="elections", off="No election changes anything.",
)  # fmt: skip

SHEETS = (MOMENTUM, TRUST, FAIRNESS, BUY_IN, IDENTITY, POLITICS, ELECTIONS)
