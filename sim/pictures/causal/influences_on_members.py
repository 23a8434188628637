"""The causal arrows that end at trust, members and results."""

from __future__ import annotations

from sim.pictures.causal.parts import influences

ON_RELATIONS = influences("""
ties + trust | trust | M-TR1 M-MB8 | trust.by_prior_working
  = Those who worked together before trust sooner.
results + trust | trust | M-TR1 | trust.by_results
  = We trust those whom we find able.
staff + trust | trust | M-TR1 D-COMMS | trust.by_communication trust.by_care
  = We trust those who are open and take care of us.
members + trust | trust | M-TR1 D-MEMBERS | trust.by_care
  = Members who are involved feel well meant.
hr + trust | trust | M-TR1 D-HR | trust.by_care
  = HR with a seat and a strategy is trusted by managers.
terms + trust | trust | M-ST6 M-TR1 | terms.officer_adds trust.by_care
  = Working closely with unions builds trust there.
governance ± trust | trust | D-CE D-LEGAL | governance.known_trust governance.insider_trust
  governance.stands_aside_trust governance.talks_build
  = A chief executive known to both helps; an insider may look partial; talks build trust, and may be rushed.
behind - trust | trust | M-TR1 D-TIMEFRAME | trust.by_lateness
  = A date not kept is a promise not kept.
losses - trust | trust | M-ST5 M-TR1 | trust.by_losses
  = Lost jobs are felt as ill will.
strain - trust | trust | M-ST6 | trust.by_strain
  = A fight over terms costs the unions' trust.
hr_queue - trust | trust | M-HR2 | trust.by_hr_queue
  = Managers who wait for HR think less of it.
sequence - trust | trust | M-MB10 | trust.by_radical_change
  = Radical change can set officers and members apart.
money + trust | trust | D-FAIR M-TR1 | trust.by_communication
  = Openness about money counts as honesty.
shocks - trust | trust | M-TR2 K-CE K-LEADER K-DEFAULT | trust.change_of_people_costs shocks.default_trust
  = A new leader or chief executive starts again; a default costs more.
unfairness - trust | fairness | M-MB5 | fairness.on_trust
  = Who feels done by, trusts less.
development ± trust | leadership | M-LD1 | development.shared_trust
  = Leaders who are seen and let go are trusted; those who command are not.
delivery + unfairness | fairness | M-MB5 D-FAIR | fairness.by_benefit
  = The more is joined, the more a missing share of the benefit is felt.
losses + unfairness | fairness | M-MB5 | fairness.by_losses
  = Jobs lost above one's part are resented.
money - unfairness | fairness | D-FAIR M-MB5 | fairness.openness_faces fairness.expected_by_need
  = A rule agreed first, and shown openly, faces the matter.
saving + results | momentum | M-MB2 | momentum.sensitivity
  = Money saved is what shows.
pressure - results | momentum | M-FN2 M-PT5 | momentum.relief_needed_years momentum.weight_of_need plan.prudence
  = The gap is there today, so more is expected sooner.
delivery + threat | identity | M-MB3 | members.identity_threat
  = The deeper the sharing, the more it resembles a takeover.
ties + threat | identity | M-MB8 M-MB3 | identity.unequal_sizes
  = The smaller of unequal partners fears more.
identity ± threat | identity | D-IDENTITY M-MB3 | identity.assurance_calms identity.merger_intended
  = Assurance calms; a merger that is open or intended does not.
governance + threat | identity | D-CE D-GOVERN | identity.insider governance.delegated_threat
  = One council's chief executive for all, or powers handed over, stir fears.
""")
ON_MEMBERS = influences("""
results + leaders | momentum | M-MB2 S16 | momentum.threshold members.by_results
  = Above a threshold results feed support, below it they wear it away.
results + bench | momentum | M-MB2 S16 | momentum.threshold members.by_results
  = Results count with back benches, promises do not.
trust + leaders | buy_in | M-TR3 | members.by_trust
  = Leaders back partners whom they trust.
trust + bench | buy_in | M-TR3 | members.by_trust
  = So do back benchers who trust leaders and officers.
members + leaders | buy_in | M-MB1 D-MEMBERS | members.by_engagement
  = Leaders worked with early stand behind it.
members + bench | buy_in | M-MB1 D-MEMBERS | members.by_backbench_engagement
  = Back benchers who are left out lose interest, and object first.
money + leaders | buy_in | M-MB6 D-EXTENT | members.by_open_decisions members.by_breadth
  = What is decided openly, and for more than savings, finds support.
money + bench | buy_in | M-MB6 D-EXTENT | members.by_open_decisions members.by_breadth
  = What is told late is paid for in support.
pressure + leaders | buy_in | M-PT1 M-PT5 | members.by_budget_gap
  = Without financial pressure the wish to share is weak.
pressure + bench | buy_in | M-PT1 M-PT5 | members.by_budget_gap
  = The same holds for back benches.
losses - bench | buy_in | M-ST5 | members.by_local_losses
  = Jobs lost locally are heard of by local members.
votes + leaders | buy_in | M-MB7 | members.lost_vote_hurts
  = A lost vote costs standing.
votes + bench | buy_in | M-MB7 | members.lost_vote_hurts
  = And divides the benches.
unfairness - leaders | fairness | M-MB5 | fairness.on_buy_in
  = Support falls on the side that gives more.
unfairness - bench | fairness | M-MB5 | fairness.on_buy_in
  = And among its back benches.
politics - leaders | politics | M-MB8 | members.by_politics
  = Leaders of unlike politics find it harder; trust makes up for much of it.
threat - bench | identity | M-MB3 | members.identity_threat
  = Fear for identity loses back benches first.
threat - votes | identity | M-MB3 | members.identity_threat
  = And it weighs in each deep vote.
elections ± leaders | elections | M-MB4 K-CONTROL | members.control_changes
  = Control can pass to others, and the course with it.
elections ± bench | elections | M-MB4 | members.seats_change_hands members.newcomers_buy_in members.by_openness
  = Newcomers had no part in it.
luck ± elections | luck | S9 | members.control_changes
  = Who wins a seat is luck, as far as the model goes.
leaders + votes | buy_in | M-MB7 | members.leaders_carry members.vote_line
  = Leaders carry the shallow steps.
bench + votes | buy_in | M-MB7 M-MB1 | members.depth_joint members.depth_redesign
  = Back benches decide the deep ones.
luck ± votes | luck |  | members.vote_spread
  = Votes near the line can go either way.
luck ± shocks | luck |  | shocks.chief_executive_leaves shocks.leader_changes
  = When a shock strikes is luck.
shocks ± leaders | shocks | K-LEADER K-FUNDING | shocks.funding_cut_need
  = A new leader may think worse or better of it; a cut of grant widens the gap.
trust - shocks | shocks | K-DEFAULT | shocks.default endings.by_distrust
  = Partners who trust one another default more rarely.
commissioning + shocks | commissioning | M-CO2 | commissioning.fails commissioning.thin_skills
  = Contracts may fail as skills thin out.
""")
ON_RESULTS = influences("""
delivery + saving | savings | M-FN1 | money.joint_teams_saving money.transformation_saving
  = Joint teams save more than shared posts, and later; transformation saves most, last.
structure + saving | savings | M-FN1 M-MG1 | money.heads_of_service_post money.management_team_post
  = Posts cut from management pay off at once.
sequence ± saving | savings | D-EXTENT D-ORDER D-SHAPE | services.second_order_potential services.horizontal_potential
  = How far one goes, and how bold the redesign is, set what there is to save.
pressure - saving | savings | M-PT5 | money.procurement_saving
  = What was cut alone before cannot be saved together.
money + saving | savings | D-EXTENT | money.revenue_gain
  = Income as an aim brings income.
enablers + saving | enablers | D-INFRA | enablers.ict_share enablers.buildings_share
  = Joint ICT and shared buildings save for themselves.
staffing - saving | staffing | D-STAFFING | staffing.vacancy_fits staffing.displaced_leave
  = Posts that stay filled keep back their pay from the saving.
development + saving | leadership | M-LD1 M-LD2 | development.shared_innovation development.ideas
  = Open leadership and time to think make bolder redesigns.
errors - saving | rework | M-HR4 | rework.base
  = Faulty work saves nothing until it is put right.
fatigue - saving | leakage | M-ST4 | leakage.by_fatigue
  = The tired do not see a saving through.
engagement + saving | leakage | M-ST1 | leakage.by_disengagement
  = Nor do the disengaged.
load - saving | leakage | M-MG4 | leakage.by_overload
  = Nor the overloaded.
commissioning + saving | commissioning | D-COMMISSION | money.commissioning_saving
  = A contract saves something of its own.
shocks - saving | commissioning | M-CO2 | commissioning.failure_loses
  = A failed contract loses its saving.
sequence + cost | organisation | D-EXTENT | organisation.company_cost organisation.merger_cost
  = A new employer, company or merger costs money to set up.
delivery + cost | savings | S7 S13 | money.joint_teams_one_off money.transformation_one_off
  = Each step is paid for once.
losses + cost | savings | S8 | money.exit money.management_exit
  = Exits are paid for.
external + cost | savings | D-EXTERNAL | external.cost_a_month
  = Consultants cost what they cost.
hr + cost | savings | D-HR | money.added_post
  = So do added posts.
development + cost | savings | D-DEVELOP S6 | development.usual_spend
  = So does development above the usual.
enablers + cost | savings | D-INFRA | enablers.cost enablers.payroll_cost
  = Joint systems have to be bought.
terms + cost | savings | D-TERMS | terms.harmonise_up_cost terms.one_off
  = Terms brought together upward cost most.
ties + cost | savings | S10 C-12 | money.coordination_per_pair
  = Serving several councils costs something every year.
governance ± cost | savings | D-LEGAL D-PMO | governance.agreement_cost governance.agreement_protects
  governance.programme_post
  = An agreement costs at first and saves part of an exit or a default.
money ± cost | savings | D-FUNDING |
  = Outside money pays part; an allowance for optimism adds to each one-off.
parting + cost | dissolution | K-EXIT | money.exit_per_saving
  = Taking things apart costs money.
shocks + cost | shocks | K-DEFAULT | shocks.default_cost
  = When a partner defaults the others pay.
parting - saving | dissolution | M-PT2 M-FN3 | endings.unwinding_months endings.redesign_kept
  = What was shared is unwound; part of what was redesigned stays.
saving + net | savings | M-FN2 | money.discount_rate
  = Savings add up year by year.
cost - net | savings | M-FN2 S7 | money.discount_rate
  = And first pay back what was spent.
delivery + quality | quality | M-FN4 | quality.by_redesign quality.by_aim
  = Redesigned services are better services.
engagement + quality | quality | M-FN4 | quality.by_engagement
  = The engaged serve better.
uncertainty - quality | quality | S11 | quality.anticipation_dip
  = Performance dips while people wait.
load - quality | quality | M-MG4 | quality.by_overload
  = Overload shows at the counter.
fatigue - quality | quality | M-ST4 | quality.by_fatigue
  = So does tiredness.
knowledge - quality | quality | M-ST7 | quality.by_knowledge
  = So does lost knowledge.
errors - quality | quality | M-HR4 | quality.by_errors
  = So does faulty work.
delivery + resilience | quality | M-FN4 | quality.resilience_joined
  = A joint team has someone to step in.
posts + resilience | quality | M-MG7 | quality.resilience_thinned
  = With thin management few can move up.
knowledge - resilience | quality | M-ST7 | quality.resilience_knowledge
  = What only one person knew is gone.
results - stalling | stall | M-MB2 | endings.by_poor_results
  = A programme that shows nothing is let lie.
fatigue + stalling | stall | M-ST4 S18 | endings.by_fatigue
  = People are worn out.
leaders - stalling | stall | M-MB1 | endings.by_lost_buy_in
  = Support has ebbed.
trust - parting | dissolution | M-TR3 M-PT2 | endings.by_distrust
  = Leaders who do not trust part.
leaders - parting | dissolution | M-PT2 | endings.by_lost_buy_in
  = Leaders' support is what holds it.
bench - parting | dissolution | M-PT2 M-MB1 | endings.by_lost_buy_in
  = So is that of back benches.
delivery - parting | dissolution | M-PT2 | endings.while_little_is_joined
  = The less is joined, the easier it is to go.
coordination + parting | dissolution | S12 | endings.by_coordination
  = Once much is joined, the strain of keeping in step drives partners apart.
politics + parting | politics | S12 M-MB8 | endings.by_politics
  = Unlike politics part where trust is thin.
governance + parting | dissolution | D-LEGAL M-PT4 | governance.talks_fail
  = Talks before the start can fail.
""")
