"""The causal arrows that end at capacity, people and work."""

from __future__ import annotations

from sim.pictures.causal.parts import influences

ON_CAPACITY = influences("""
pace + load | load | D-PACE | services.stage_weight
  = More packages at once and shorter gaps put more work in managers' hands.
size + load | scale | C-2 C-3 | services.usual_staff services.size_counts
  = A larger service asks for more of managers' attention.
structure - posts | load | M-MG1 D-EXTENT | managers.needed_falls_when_joined
  = Posts that are cut leave fewer people to carry the change.
posts - load | load | M-MG1 | managers.packages_per_head
  = Each head of service in post can carry so many packages.
fatigue + load | load | M-MG4 M-ST4 | managers.fatigue_takes
  = The tired carry less, so the same work weighs more.
capability - load | load | M-MG3 | managers.capability_start
  = Managers who lead change well carry more of it.
external - load | load | D-EXTERNAL | external.packages_carried external.speeds
  = Consultants carry packages and speed up work while they are here.
governance - load | load | D-PMO | governance.programme_post_carries
  = Posts set aside for the programme take work off managers.
members + load | load | D-MEMBERS | members.engagement_time
  = Working with members takes managers' time.
staff + load | load | D-COMMS | members.engagement_time
  = Talking about change constantly takes managers' time.
errors + load | rework | M-HR4 | services.rework_weight
  = Work done again is work in hand once more.
hr_queue + load | queues | M-HR2 | services.waiting_weight
  = A change that waits for HR still weighs on its managers.
shocks + load | shocks | K-EMERGENCY K-CE M-MG4 | shocks.emergency_takes managers.leaderless_capacity
  = An emergency, or a vacancy at the top, leaves less capacity.
development + load | leadership | M-LD2 D-LEAD | development.commanding_speed
  = Time kept free for thinking is not there for the work in hand.
enablers + load | enablers | D-INFRA | enablers.weight
  = Putting in joint systems is work of its own.
terms + load | terms | D-TERMS | terms.weight
  = So is negotiating terms.
ties + load | coordination | M-MB8 | governance.distance_load
  = Miles between the councils cost time.
coordination + load | coordination | M-MG1 S12 | governance.burden_load
  = Serving several councils takes managers' attention.
ties + coordination | coordination | D-PARTNERS S12 | governance.burden_per_pair
  = Each pair of councils has to be kept in step.
delivery + coordination | coordination | S12 | governance.by_entanglement
  = The more is joined, the more one council's choice binds the others.
governance - coordination | coordination | S12 D-GOVERN | governance.cabinet_streamlines
  governance.committee_streamlines governance.board_streamlines
  = A joint cabinet, committee or board spares part of the burden.
sequence - coordination | organisation | D-EXTENT | governance.employer_streamlines
  = One employer or a merger leaves less to coordinate.
hr + hr_time | queues | D-HR M-HR1 | hr.free_for_change
  = Posts added to HR leave more time for change; joining HR first costs time, then gives it back.
leavers - hr_time | day_job | M-HR2 | hr.months_per_leaver
  = People who leave must be replaced, and HR does it.
strain - hr_time | terms | K-DISPUTE | terms.dispute_day_job
  = A dispute keeps HR busy.
enablers + hr_time | enablers | M-HR5 | enablers.separate_systems
  = Separate HR systems make each piece of HR's work longer.
hr_time - hr_queue | queues | M-HR2 | hr.months_per_review
  = The more time HR has, the sooner it turns to the next change.
pace + hr_queue | queues | D-PACE M-HR2 | hr.months_per_review
  = More reviews at once meet the same few officers.
size + hr_queue | scale | C-2 C-3 | services.size_counts
  = Consulting on a larger service takes HR longer.
hr - hr_queue | enablers | M-HR5 D-HR | hr.by_loose_policy hr.strategy_eases
  = Common HR policy and one strategy make each change less work.
identity + hr_queue | enablers | M-MB9 | identity.open_stalls
  = While merger is an open question, joint policy stands still.
hr + od | queues | D-HR M-HR1 | od.capability_per_post
  = OD posts, bought or built, raise what OD can do.
external + od | queues | D-EXTERNAL | external.capability_lent
  = Consultants lend capability; what they embed stays.
delivery + od | queues | M-HR3 S16 | od.capability_per_redesign
  = Each redesign teaches OD something.
load - od | queues | S16 | od.starved_by_overload
  = Overload starves the capability that transformation needs.
hr_queue - od | day_job | M-HR1 M-HR2 | od.pulled_to_hr
  = A queue at HR pulls OD people into its work.
development + capability | leadership | M-MG3 D-DEVELOP | development.by_spend
  = Spending on development makes managers more able, after a while.
delivery + capability | leadership | M-MG6 | managers.capability_gain
  = Practice and shared posts make managers more able.
""")
ON_PEOPLE = influences("""
load + fatigue | fatigue | M-ST4 | fatigue.by_load
  = Work beyond what can be sustained tires people.
uncertainty + fatigue | fatigue | M-ST4 M-ST3 | fatigue.by_uncertainty
  = Not knowing where one will stand is tiring.
delivery + fatigue | fatigue | M-ST4 | fatigue.by_round
  = Every further round of change tires faster.
staff - fatigue | fatigue | M-ST4 D-ADAPT | fatigue.involvement_eases staff.freshening_recovers
  = Those with a part in it tire less; new faces and methods help recovery.
pace + uncertainty | uncertainty | M-ST3 D-PACE | uncertainty.exposure_months
  = Announcing much, or ending late, leaves more people waiting for longer.
hr_queue + uncertainty | uncertainty | M-ST3 | uncertainty.exposure_months
  = While a change waits for HR its people stay unsettled.
delivery - uncertainty | uncertainty | M-ST3 | uncertainty.weight_joint uncertainty.weight_redesign
  = When a service takes its new form, its people know where they stand.
staff - uncertainty | uncertainty | M-ST3 D-COMMS | uncertainty.communication_softens
  = Good communication takes the edge off.
results + engagement | engagement | M-ST1 | engagement.by_results
  = Success engages.
trust + engagement | engagement | M-TR3 M-ST1 | engagement.by_trust
  = Staff who trust their managers put more in.
fatigue - engagement | engagement | M-ST4 S14 | engagement.by_fatigue
  = The tired disengage, though hardly: the two are separate stocks.
uncertainty - engagement | engagement | M-ST3 | engagement.by_uncertainty
  = Uncertainty takes people's mind off their work.
losses - engagement | engagement | M-ST5 | engagement.by_losses
  = Lost jobs hurt those who stay.
strain - engagement | engagement | M-ST6 | staff.by_strain
  = A fight over terms embitters.
staff + engagement | engagement | M-ST2 D-INVOLVE | engagement.by_involvement
  = Those who design the change grow with it.
delivery + engagement | engagement | M-MG6 | engagement.by_shared_roles
  = Shared posts are more satisfying.
development + engagement | engagement | D-DEVELOP | staff.by_development
  = Spending on people shows that they count.
money + engagement | engagement | D-EXTENT | staff.by_purpose
  = An aim beyond savings gives purpose.
enablers - engagement | engagement | M-ST8 | staff.by_shared_buildings
  = Where places of work blur, belonging loosens.
commissioning - engagement | engagement | D-COMMISSION | staff.by_commissioning
  = Large transfers of staff are a shock to the culture.
staffing + engagement | staffing | M-ST5 | staff.by_security
  = A promise of no forced redundancy gives security.
culture - engagement | culture | M-CU1 | staff.them_and_us
  = Unlike cultures in one team breed them-and-us.
fatigue + leavers | leavers | M-ST7 | staff.leave_by_fatigue
  = The tired go.
uncertainty + leavers | leavers | M-ST7 | staff.leave_by_uncertainty
  = So do those who cannot plan.
engagement - leavers | leavers | M-ST7 | staff.stay_by_engagement
  = The engaged stay.
leavers + knowledge | leavers | M-ST7 | staff.knowledge_per_leaver
  = What they know goes with them.
staffing + knowledge | staffing | D-STAFFING | staffing.beyond_plan staffing.beyond_plan_knowledge
  = An open offer draws the experienced too.
structure + losses | staffing | D-EXTENT M-MG1 | staffing.management_tilt
  = Management posts that are cut are jobs lost.
delivery + losses | staffing | M-ST5 | money.pay_share_of_saving
  = Most of what a joint team saves is pay: posts become surplus.
staffing - losses | staffing | D-STAFFING M-ST5 | staffing.compulsory_hurts staffing.redeployment_hurts
  = Volunteers and redeployment hurt less than forced redundancy.
leavers - losses | staffing | M-ST5 S6 | staffing.suits_vacancies
  = Vacancies that suit meet posts that are to go, so fewer people are let go.
terms + strain | terms | M-ST6 D-TERMS | terms.negotiated_down_strain terms.harmonise_up_strain
  = The harder the bargain over terms, the more strain; union partnership takes part of it up.
trust - strain | terms | M-ST6 | terms.union_absorbs terms.dispute
  = With trust between HR and the unions, talks end in a dispute more rarely.
""")
ON_WORK = influences("""
load - delivery | load | M-MG1 D-PACE | managers.best_load managers.throughput_when_swamped
  = Past the best load, more in hand means less done.
hr_queue - delivery | queues | M-HR2 | hr.months_per_review time.notice
  = No joint team is formed before HR has consulted on it.
od + delivery | queues | M-HR1 | od.months_per_redesign od.posts_in_place
  = Redesign waits for OD, and goes as fast as OD is able.
votes + delivery | steps | M-MB7 | time.committee_cycle members.attempts
  = A lost vote delays a step; the last lost vote drops it.
sequence ± delivery | steps | D-SEQ D-ORDER | services.review_after_redesign services.redesign_apart
  = What comes first makes what follows shorter or longer.
staff - delivery | steps | D-INVOLVE | staff.involvement_takes
  = Designing with those who do the work takes longer.
luck ± delivery | luck |  | time.spread managers.strength_spread
  = Stages take longer or shorter than usual, and some managers are stronger.
enablers + delivery | enablers | D-INFRA M-HR5 | enablers.missing_slows
  = Redesign without joint ICT takes longer.
culture - delivery | culture | M-CU1 | culture.slows
  = Unlike cultures slow the forming of a team.
coordination - delivery | coordination | S12 D-PARTNERS | governance.burden_delays governance.aligning_months
  = Every decision waits until all have been squared.
strain - delivery | terms | K-DISPUTE | terms.dispute_slows
  = In a dispute, work goes to rule.
behind + delivery | plan | D-TIMEFRAME | plan.haste_speeds
  = Where the date is held, being late makes people hurry.
stalling - delivery | stall | S19 | endings.stall
  = A stalled programme begins nothing new.
shocks - delivery | shocks | K-REORG | shocks.reorganisation
  = National reorganisation ends all that was not begun.
delivery - behind | plan | D-TIMEFRAME | plan.contingency
  = What is finished is no longer late.
pace + behind | plan | D-TIMEFRAME | plan.contingency plan.hurry_when_held
  = An early date is harder to keep.
fatigue + errors | rework | M-ST4 | rework.by_fatigue
  = The tired make mistakes.
load + errors | rework | M-MG4 D-PACE | rework.by_haste
  = So do the overloaded.
behind + errors | rework | D-PACE | rework.by_haste
  = And those in a hurry.
knowledge + errors | rework | M-ST7 | rework.by_knowledge_lost
  = What nobody knows any more goes wrong.
od - errors | rework | M-HR4 | rework.od_eases
  = OD help gets more right the first time.
staff - errors | rework | D-INVOLVE M-ST2 | rework.involvement_eases
  = Those who do the work see the mistakes in the design.
hr - errors | rework | M-HR3 M-HR4 | rework.hr_not_joined hr.seat_eases
  = HR joined early and heard at the top means less is done twice.
luck ± errors | luck |  | rework.base
  = Some packages are more prone to error than others.
enablers - errors | enablers | M-HR5 D-INFRA | enablers.missing_errors
  = Teams without joint ICT work at cross purposes.
terms - errors | enablers | M-HR5 | terms.separate_errors
  = Several sets of terms in one team are a brake; one set is not.
culture + errors | culture | M-CU1 | culture.errors
  = Cultures clash, and things are done twice.
delivery - errors | learning | M-LR1 | services.learning
  = Each finished package makes the next of its kind quicker and cleaner.
ties + culture | culture | M-CU1 | governance.county_culture
  = Councils come with different cultures.
staff - culture | culture | M-CU1 | culture.by_mixed_teams
  = Mixed teams close the gap as they are joined.
hr - culture | culture | M-CU1 M-HR4 | culture.by_vision
  = A joint strategy and a seat at the top make a common vision.
od - culture | culture | M-CU1 | culture.by_od
  = So does OD.
development - culture | culture | M-CU1 M-LD1 | culture.by_vision
  = And leadership that is shared.
""")
