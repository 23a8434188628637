"""Sheets of the deciders' mechanisms: results, trust, fairness, buy-in, identity, politics, elections."""

from __future__ import annotations

from sim.pictures.causal.parts import Equation, MechanismSheet

MOMENTUM = MechanismSheet(
    "momentum",
    "Results and momentum",
    "Members judge by what has been saved against what they expected by now: in part what the business case said, "
    "in part the relief that budgets need. Above a threshold results feed commitment, below it they wear it away.",
    (
        Equation("results", "as_promised(promised, seen)"),
        Equation("seen", "perceived_results(delivered, expected, momentum.sensitivity)"),
        Equation("logistic", "logistic(value)"),
        Equation(
            "expected",
            "expected_results(months, promised_by_now, plan.prudence, momentum.weight_of_need, "
            "in_months(momentum.relief_needed_years))",
        ),
        Equation("adds_to_buy_in", "felt_results(members.by_results, results, momentum.threshold)"),
    ),
    {
        "promised": "one where the business case promised a saving",
        "seen": "how what was delivered looks beside what was expected",
        "delivered": "saving a year now, as a share of the target",
        "expected": "what is expected by now, as a share of the target",
        "value": "what stands in the brackets of logistic(…)",
        "promised_by_now": "what the business case says for this month",
        "months": "months since the start",
        "results": "results as they look, smoothed over some months; one half is as expected",
    },
    ("M-MB2", "M-FN2", "S16"),
    ("members.py",),
    ("momentum.*", "members.results_months"),
    switch="momentum",
    off="Results always look as expected: nobody is won or lost by them.",
)
TRUST = MechanismSheet(
    "trust",
    "Trust",
    "In each relationship that matters, trust follows what was lately lived through: whether the other is able, "
    "means well, is open, keeps to dates. It is lost faster than it is built, and damage is remembered: it lowers "
    "how high trust can rise again.",
    (
        Equation(
            "lived_through",
            "trust_lived(benevolence, hurt, ability, integrity, trust.predictability_start, trust.by_lateness, behind)",
        ),
        Equation("heads_for", "trust_aim(lived_through, trust.damage_lowers_ceiling, damage)"),
        Equation(
            "left_of_the_way_after_a_pulse",
            "trust_keep(heads_for, level, share_kept(pulse, trust.build_months), kept_while_falling)",
        ),
        Equation("kept_while_falling", "eroding_keep(pulse, trust.build_months, trust.erosion_factor)"),
        Equation(
            "damage",
            "trust_damage(damage_before, damage_kept(pulse, trust.damage_fades), "
            "fall_remembered(trust.damage_remembered, kept_while_falling), heads_for, level)",
        ),
        Equation("ability", "ability_of(trust.ability_start, trust.by_results, results)"),
        Equation("integrity", "integrity_of(trust.integrity_start, trust.by_communication, communication, openness)"),
        Equation("benevolence", "benevolence_of(trust.benevolence_start, trust.by_care, care)"),
        Equation("hurt_of_leaders_and_members", "worst_of(fairness.on_trust, unfairness, unfairness_at_the_other)"),
        Equation("hurt_of_staff", "hurt_of_losses(trust.by_losses, losses)"),
        Equation("hurt_of_unions", "hurt_of_unions(hurt_of_staff, trust.by_strain, strain)"),
        Equation("hurt_of_managers_by_HR", "hurt_of_waiting(trust.by_hr_queue, queue, officers)"),
        Equation("at_the_start", "at_first(trust.start, trust.starting_spread, draw)"),
    ),
    {
        "ability": "how able the other seems",
        "benevolence": "how well the other seems to mean",
        "hurt": "what takes from it in this relationship, one of the lines below",
        "integrity": "how open the other is",
        "lived_through": "the mean of ability, benevolence, integrity and predictability",
        "heads_for": "where trust heads",
        "damage": "damage remembered from earlier falls",
        "damage_before": "the same a pulse ago",
        "level": "trust now",
        "pulse": "months from one pulse to the next",
        "kept_while_falling": "share of the way that is left after a pulse while trust falls",
        "results": "results as they look",
        "behind": "how far the programme trails its plan",
        "communication": "how constantly and openly change is talked about",
        "openness": "how openly decisions, costs and savings are shown",
        "care": "what the levers that concern this relationship do for it",
        "losses": "jobs lately lost, as those who stay feel it",
        "hurt_of_staff": "what job losses take, where they were worst",
        "unfairness": "unfairness felt at a council",
        "unfairness_at_the_other": "between two councils' leaders, that at the other; else the same",
        "strain": "strain over terms",
        "queue": "changes that wait for HR",
        "officers": "HR officers assigned to change",
        "draw": "a draw from a bell curve about nought",
    },
    ("M-TR1", "M-TR2", "M-TR3", "M-MB10", "S17"),
    ("relationships.py",),
    (
        "trust.*",
        "governance.talks_build",
        "governance.rushed",
        "governance.rushed_trust",
        "governance.insider_trust",
        "governance.stands_aside_trust",
        "governance.known_trust",
    ),
    switch="trust",
    off="Trust stays where it was at the start.",
    rivals=(("symmetric", "Trust is lost no faster than it is built, and damage is forgotten at once."),),
)
FAIRNESS = MechanismSheet(
    "fairness",
    "Fairness",
    "A council that gets less of the benefit than it expects, or loses more jobs than its part, resents it until "
    "the matter is faced openly. Resentment lowers trust and buy-in.",
    (
        Equation(
            "felt_unfairness",
            "felt_unfairness(benefit_missing, share_joined, fairness.by_losses, lost, all_lost, share_of_staff, "
            "noticed, product(fairness.openness_faces, openness))",
        ),
        Equation("benefit_missing", "benefit_missing(fairness.by_benefit, expected, got)"),
        Equation("expected", "expected_part(fairness.expected_by_need, share_of_spending, share_of_need)"),
        Equation("noticed", "product(fairness.losses_noticed, all_staff)"),
    ),
    {
        "benefit_missing": "benefit expected and not got",
        "share_joined": "share of services joined",
        "lost": "jobs lost here so far",
        "all_lost": "jobs lost so far at all councils",
        "share_of_staff": "this council's share of all staff",
        "noticed": "jobs lost from which on their place is noticed in full",
        "all_staff": "all staff at the start",
        "openness": "how openly decisions, costs and savings are shown",
        "expected": "part of the benefit expected, by a mean of size and need",
        "got": "part of the benefit got under the sharing rule",
        "share_of_spending": "this council's share of all spending on services",
        "share_of_need": "this council's share of all need",
    },
    ("M-MB5", "D-FAIR"),
    ("governance.py", "relationships.py", "members.py"),
    ("fairness.*",),
    switch="fairness",
    off="Nobody minds who gains and who loses.",
)
BUY_IN = MechanismSheet(
    "buy_in",
    "Members' buy-in and votes",
    "Leaders back what they have a part in, what shows results, and partners they trust; back benches the same, "
    "less fear for identity and jobs lost at home. Each step needs each council's vote: leaders weigh more in "
    "shallow steps, back benches in deep ones. A lost vote delays and hurts; repeated losses drop the step.",
    (
        Equation(
            "leaders_head_for",
            "leaders_aim(at_the_start, results_add, involvement_adds, members.by_trust, trust_between_leaders, "
            "fairness.on_buy_in, unfairness, politics)",
        ),
        Equation(
            "back_benches_head_for",
            "backbench_aim(at_the_start, results_add, involvement_adds, members.by_trust, trust_in_officers, "
            "trust_in_leaders, members.identity_threat, threat, share_joined, members.by_local_losses, losses, "
            "fairness.on_buy_in, unfairness)",
        ),
        Equation(
            "at_the_start",
            "buy_in_at_first(usual, members.by_budget_gap, budget_gap, members.usual_budget_gap, "
            "members.starting_spread, draw)",
        ),
        Equation(
            "involvement_adds_for_leaders",
            "involved_by(members.by_engagement, engaged, members.usual_leader_engagement, shared)",
        ),
        Equation(
            "involvement_adds_for_back_benches",
            "involved_by(members.by_backbench_engagement, engaged, members.usual_backbench_engagement, shared)",
        ),
        Equation("shared", "shared_openly(members.by_open_decisions, openness, members.by_breadth, wider_aims)"),
        Equation("weight", "leaders_weight(members.leaders_carry, depth, joint_cabinet)"),
        Equation("support", "support_of(weight, leaders, benches, depth, members.identity_threat, threat)"),
        Equation("chance_of_winning", "vote_chance(support, members.vote_line, members.vote_spread)"),
    ),
    {
        "at_the_start": "buy-in at the start, of leaders or of back benches",
        "usual": "members.leaders_start or members.backbench_start",
        "budget_gap": "this council's budget gap, as a share of its spending",
        "draw": "a draw from a bell curve about nought",
        "results_add": "what results add or take",
        "involvement_adds": "what their involvement, openness and aims add",
        "engaged": "how far they are involved",
        "shared": "what open decisions and aims beyond savings add",
        "openness": "how openly decisions, costs and savings are shown",
        "wider_aims": "one where aims go beyond savings",
        "trust_between_leaders": "mean trust with the other councils' leaders",
        "unfairness": "unfairness felt here",
        "politics": "what wholly lacking trust would cost where politics differ",
        "trust_in_officers": "members' trust in officers",
        "trust_in_leaders": "back benches' trust in their leaders",
        "share_joined": "share of services joined",
        "threat": "threat to identity here",
        "losses": "jobs lately lost here",
        "weight": "how far leaders carry this vote",
        "joint_cabinet": "one where the leaders decide together",
        "leaders": "buy-in of leaders now",
        "benches": "buy-in of back benches now",
        "depth": "how deep the step is, 0 to 1: members.depth_*",
        "support": "support for the step",
    },
    ("M-MB1", "M-MB6", "M-MB7", "M-PT1", "M-PT5", "D-MEMBERS"),
    ("members.py", "work.py"),
    ("members.*",),
    switch="buy_in",
    off="Buy-in stays where it was, and every vote is won.",
)
IDENTITY = MechanismSheet(
    "identity",
    "Threat to identity",
    "Members fear for their council's name and independence: more the deeper sharing goes, where sizes are unlike, "
    "where one council's chief executive leads, where powers are handed over, where merger is open or intended. "
    "Assurance calms.",
    (
        Equation(
            "threat",
            "identity_threat(identity.assurance_calms, assurance, merger, delegated, identity.unequal_sizes, "
            "even_share, share_of_staff, led_by_other)",
        ),
    ),
    {
        "assurance": "how firmly each council's identity is assured",
        "merger": "one where merger is ruled out, else identity.merger_open or identity.merger_intended",
        "delegated": "governance.delegated_threat where a joint committee or board decides, else nought",
        "even_share": "an even share of staff: one over the number of councils",
        "share_of_staff": "this council's share of all staff",
        "led_by_other": "identity.insider where the chief executive came from another council, else nought",
    },
    ("M-MB3", "M-MB8", "D-IDENTITY", "D-CE", "D-GOVERN"),
    ("governance.py", "members.py"),
    ("identity.*", "members.identity_threat"),
    switch="identity",
    off="All councils feel the same threat, whatever their size, and whatever is said about merger.",
)
POLITICS = MechanismSheet(
    "politics",
    "Differing politics",
    "Where partners are controlled by different parties leaders find agreement harder, and part more easily. Under "
    "high trust it costs little, under low trust a lot.",
    (
        Equation("taken_from_buy_in_without_trust", "politics_of(members.by_politics, partners_unlike, partners)"),
        Equation("added_to_strain_without_trust", "product(endings.by_politics, pairs_unlike)"),
    ),
    {
        "partners_unlike": "partners of this council under other control",
        "partners": "its partners",
        "pairs_unlike": "share of pairs of councils whose control differs; each line counts "
        "times the lack of trust between leaders",
    },
    ("M-MB8", "P-17"),
    ("members.py", "risks.py"),
    switch="politics",
    off="It makes no difference who controls which council.",
)
ELECTIONS = MechanismSheet(
    "elections",
    "Elections",
    "In each election some members are replaced by newcomers who had no part in the partnership. Control may "
    "change, and a new leader brings a view of their own, worse or better.",
    (
        Equation(
            "benches_afterwards",
            "backbench_after_election(benches, seats_up, members.seats_change_hands, members.newcomers_buy_in, "
            "members.by_openness, engagement)",
        ),
        Equation("chance_control_changes", "product(members.control_changes, seats_up)"),
        Equation("view_of_a_new_leader", "leaders_view(luck)"),
        Equation("leaders_afterwards", "half_way(leaders, view_of_a_new_leader)"),
    ),
    {
        "seats_up": "share of seats up for election: whole council, half or a third",
        "engagement": "how far back benchers are involved",
        "benches": "buy-in of back benches before",
        "luck": "a number from 0 to 1 that luck draws",
        "leaders": "buy-in of leaders before",
        "view_of_a_new_leader": "buy-in that a new leader brings",
    },
    ("M-MB4", "K-CONTROL", "S9"),
    ("members.py",),
    switch="elections",
    off="No election changes anything.",
)

SHEETS = (MOMENTUM, TRUST, FAIRNESS, BUY_IN, IDENTITY, POLITICS, ELECTIONS)
