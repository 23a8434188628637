"""Sheets of the deciders' mechanisms: results, trust, fairness, buy-in, identity, politics, elections."""

from __future__ import annotations

from sim.pictures.causal.parts import Equation, MechanismSheet

MOMENTUM = MechanismSheet(
    "momentum",
    "Results and momentum",
    "Members judge by what has been saved against what they expected by now: in part what the business case said, "
    "in part the relief that budgets need. Above a threshold results feed commitment, below it they wear it away.",
    (
        Equation("results", "as_promised(promised, seen, members.by_quick_wins, quick_wins)"),
        Equation("seen", "perceived_results(delivered, expected, momentum.sensitivity)"),
        Equation("quick_wins_left_after_a_pulse", "share_kept(pulse, members.results_months)"),
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
        "quick_wins": "one when quick wins are had, fading over some months",
        "pulse": "months from one pulse to the next",
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
    "means well, is open, keeps to dates; it is read in the light of trust already there. It is lost faster than it "
    "is built, and damage is remembered: it lowers "
    "how high trust can rise again.",
    (
        Equation(
            "lived_through",
            "trust_lived(benevolence, hurt, ability, integrity, trust.predictability_start, trust.by_lateness, behind)",
        ),
        Equation(
            "heads_for",
            "trust_aim(lived_through, trust.reciprocity, level, trust.start, chemistry, trust.damage_lowers_ceiling, "
            "damage)",
        ),
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
        Equation(
            "hurt_of_leaders",
            "hurt_of_doubt(trust.by_doubt, members.leaders_start, buy_in, buy_in_at_the_other, hurt_of_members)",
        ),
        Equation("hurt_of_members", "worst_of(fairness.on_trust, unfairness, unfairness_at_the_other)"),
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
        "chemistry": "how well two leaders get on, drawn afresh with each new one (trust.chemistry_spread)",
        "buy_in": "buy-in of a council's leaders",
        "buy_in_at_the_other": "buy-in of the other council's leaders",
        "hurt_of_members": "what unfairness takes",
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
    "less fear for identity and jobs lost at home; both take their cue from one another. Full councils decide on a "
    "joint chief executive, on partners, on a new employer or merger; cabinets decide the rest, where leaders carry "
    "the day and scrutiny may call in. Officers sound members out: what looks lost is held back and amended, which "
    "costs months and some standing, and at last withdrawn. A lost vote is seldom, hurts, and is remembered for years.",
    (
        Equation(
            "leaders_head_for",
            "in_company(leaders_aim(at_the_start, results_add, involvement_adds, members.by_trust, "
            "trust_between_leaders, fairness.on_buy_in, unfairness, members.by_politics, unlike, remembered), "
            "members.by_company, level, at_the_start)",
        ),
        Equation(
            "back_benches_head_for",
            "in_company(backbench_aim(at_the_start, results_add, involvement_adds, members.by_trust, "
            "trust_in_officers, trust_in_leaders, members.identity_threat, threat, share_joined, "
            "members.by_local_losses, losses, fairness.on_buy_in, unfairness, remembered), members.by_company, level, "
            "at_the_start)",
        ),
        Equation("standing_lost", "standing_lost(hurt, remembered, members.most_remembered)"),
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
        Equation(
            "weight",
            "leaders_weight(members.leaders_carry, members.leaders_yield, depth, members.cabinet_carries, by_cabinet, "
            "joint_cabinet)",
        ),
        Equation("chance_of_a_call_in", "called_in(members.called_in, benches)"),
        Equation("support", "support_of(weight, leaders, benches, depth, members.identity_threat, threat)"),
        Equation("chance_of_winning", "vote_chance(support, members.vote_line, members.vote_spread)"),
    ),
    {
        "at_the_start": "buy-in at the start, of leaders or of back benches",
        "usual": "members.leaders_start or members.backbench_start",
        "budget_gap": "this council's budget gap, as a share of its spending",
        "draw": "a draw from a bell curve about nought",
        "results_add": "what results add or take",
        "level": "buy-in now, of the same members",
        "involvement_adds": "what their involvement, openness and aims add",
        "engaged": "how far they are involved",
        "shared": "what open decisions and aims beyond savings add",
        "openness": "how openly decisions, costs and savings are shown",
        "wider_aims": "one where aims go beyond savings",
        "trust_between_leaders": "mean trust with the other councils' leaders",
        "unfairness": "unfairness felt here",
        "unlike": "how unlike its partners' politics are to its own, 0 to 1",
        "remembered": "what is remembered of lost votes and of reports held back",
        "hurt": "members.lost_vote_hurts or members.held_back_costs",
        "by_cabinet": "one where cabinets decide, nought where full councils do",
        "trust_in_officers": "members' trust in officers",
        "trust_in_leaders": "back benches' trust in their leaders",
        "share_joined": "share of services joined",
        "threat": "threat to identity here",
        "losses": "jobs lately lost here",
        "weight": "how far leaders carry this vote: members.cabinet_carries in a cabinet",
        "joint_cabinet": "one where the leaders decide together",
        "leaders": "buy-in of leaders now",
        "benches": "buy-in of back benches now",
        "depth": "how deep the step is, 0 to 1: members.depth_*",
        "support": "support for the step",
    },
    ("M-MB1", "M-MB6", "M-MB7", "M-PT1", "M-PT5", "D-MEMBERS", "D-CE"),
    ("members.py", "votes.py", "work.py"),
    ("members.*", "governance.rival_opposes"),
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
    "Each council is under a party, independents or no overall control, until an election or members who change sides "
    "bring another. Where partners' politics are unlike leaders find agreement harder, and have more of a case for "
    "leaving. Under high trust it costs little, under low trust a lot.",
    (Equation("unlikeness", "unlikeness(members.half_unlike, either_without_party, same)"),),
    {
        "either_without_party": "one where either is under independents or no overall control",
        "same": "one where both are under the same",
    },
    ("M-MB8", "P-17"),
    ("members.py", "partings.py"),
    switch="politics",
    off="It makes no difference who controls which council.",
)
ELECTIONS = MechanismSheet(
    "elections",
    "Elections",
    "In each election some members are replaced by newcomers who had no part in the partnership. Control may pass to "
    "another party, whose people sat on the back benches: their view follows from support across parties, and some "
    "campaigned against sharing. A new leader of the same party keeps its course, more or less.",
    (
        Equation(
            "benches_afterwards",
            "backbench_after_election(benches, seats_up, members.seats_change_hands, newcomers, "
            "members.by_openness, engagement)",
        ),
        Equation("newcomers", "newcomers_view(members.newcomers_buy_in, members.newcomers_differ, draw)"),
        Equation("chance_control_changes", "product(members.control_changes, seats_up)"),
        Equation(
            "view_of_a_new_party",
            "view_of_control(benches, members.view_by_bench, members.view_differs, luck)",
        ),
        Equation("view_of_a_new_leader", "view_of_leader(leaders, members.view_of_leader_differs, luck)"),
        Equation("leaders_afterwards", "half_way(leaders, view)"),
    ),
    {
        "seats_up": "share of seats up for election: whole council, half or a third",
        "engagement": "how far back benchers are involved",
        "benches": "buy-in of back benches before",
        "newcomers": "buy-in that newcomers of this election bring",
        "draw": "a draw from a bell curve about nought",
        "luck": "a number from 0 to 1 that luck draws",
        "leaders": "buy-in of leaders before",
        "view": "buy-in that a new party's leaders bring, or a new leader of the same party",
    },
    ("M-MB4", "K-CONTROL", "S9"),
    ("members.py",),
    switch="elections",
    off="No election changes anything.",
)

SHEETS = (MOMENTUM, TRUST, FAIRNESS, BUY_IN, IDENTITY, POLITICS, ELECTIONS)
