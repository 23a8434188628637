"""Control of each council: elections and shocks bring new members, new leaders and other parties to power."""

from sim.core import mechanisms
from sim.core.clock import seats_up
from sim.core.inputs.partnership import PARTIES, WITHOUT_PARTY
from sim.core.lanes import of
from sim.core.world import Agent, Process, World


class PoliticalControl(Agent):
    """Base of the agent for members: how elections and shocks change who sits in council and who leads it.

    `leaders` and `bench` are the places of their buy-in among the soft states, by council.
    """

    leaders: range
    bench: range

    def face_elections(self, world: World, c: int) -> Process:
        """Process of elections: newcomers replace some members, and control may change."""
        for month in world.elections[c]:
            yield world.env.timeout(month - world.env.now)
            self.elect(world, c, month)

    def face_shocks(self, world: World) -> Process:
        """Process of shocks by luck or scenario: change of control, change of leader, cut of grant."""
        shocks = world.council_shocks
        while True:
            yield shocks.arrival()
            for kind, c, cause in shocks.take():
                if kind == "funding_cut":
                    self.feel_need(world, cause)
                elif kind == "control_changes":
                    self.change_control(world, c, cause)
                else:
                    self.change_leader(world, c, cause)

    def feel_need(self, world: World, cause: str) -> None:
        """Cut of grant: it widens every council's budget gap and raises the will to share (M-PT5)."""
        more = world.e("shocks.funding_cut_need")
        will = world.e("members.by_budget_gap") * more
        for base in ("base_leaders", "base_bench"):
            for c in world.councils:
                self.put(world, base, world.fact(base, c) + will, c)
        self.put(world, "need_months", world.fact("need_months") * (1.0 - more))
        world.record("partnership", "grant cut further", cause, more)

    def elect(self, world: World, c: int, month: int) -> None:
        """Election: replace members by newcomers without involvement, and perhaps leaders."""
        e, name = world.e, world.names[c]
        seats = seats_up(world.partnership.councils[c])
        world.record(name, "election", "term ends", seats)
        world.jump(self.bench[c], self.with_newcomers(world, c, month, world.felt(self.bench[c])))
        self.put(world, "base_bench", self.with_newcomers(world, c, month, world.fact("base_bench", c)), c)
        chance = mechanisms.product(e("members.control_changes"), seats)
        if world.on("shocks") and world.happens(chance, "control", name, month):
            self.change_control(world, c, f"election of month {month}")

    def with_newcomers(self, world: World, c: int, month: int, before: float) -> float:
        """Back benchers' buy-in once newcomers, who had no part in it, sit among them."""
        e, draw = world.e, world.luck.normal("newcomers' view", world.names[c], month)
        view = mechanisms.newcomers_view(e("members.newcomers_buy_in"), e("members.newcomers_differ"), draw)
        return mechanisms.backbench_after_election(
            *(before, seats_up(world.partnership.councils[c]), e("members.seats_change_hands"), view),
            *(e("members.by_openness"), of(self.meeting.lever.members.backbench_engagement, world.place)),
        )

    def change_control(self, world: World, c: int, cause: str) -> None:
        """Change of control to another party, with a view of its own and perhaps a manifesto against sharing."""
        e, name, occasion = world.e, world.names[c], _occasion(world, cause)
        drawn = world.luck.uniform("new leader's view", name, occasion)
        view = mechanisms.view_of_control(
            world.felt(self.bench[c]), e("members.view_by_bench"), e("members.view_differs"), drawn
        )
        world.control[c] = next_control(world, c, occasion)
        for council in world.councils:
            self.put(world, "unlike", unlike_partners(world, council), council)
        world.record(name, "control changed", cause, view)
        world.record(name, "party in power", world.control[c])
        self.lead(world, c, view)
        world.changes_of_people.put(("control", name))
        if view < e("members.hostile_view"):
            world.record(name, "hostile to sharing", "those in power campaigned against it")
            world.tell("aggrieved", c, "hostile_control")

    def change_leader(self, world: World, c: int, cause: str) -> None:
        """Change of leader within the same party: the view stays close to the last leader's."""
        name, drawn = world.names[c], world.luck.uniform("new leader's view", world.names[c], _occasion(world, cause))
        view = mechanisms.view_of_leader(world.felt(self.leaders[c]), world.e("members.view_of_leader_differs"), drawn)
        world.record(name, "leader changed", cause, view)
        self.lead(world, c, view)
        world.changes_of_people.put(("leader", name))

    def lead(self, world: World, c: int, view: float) -> None:
        """New leaders' view enters leaders' buy-in and its base level by half."""
        leaders = self.leaders[c]
        world.jump(leaders, mechanisms.half_way(world.felt(leaders), view))
        self.put(world, "base_leaders", mechanisms.half_way(world.fact("base_leaders", c), view), c)


def unlike_partners(world: World, c: int) -> float:
    """Mean political difference between a council and the partners that share, 0 to 1."""
    half, own = world.e("members.half_unlike"), world.control[c]
    others = [world.control[d] for d in world.councils if d != c and world.inside[d]]
    apart = [mechanisms.unlikeness(half, bool({own, each} & set(WITHOUT_PARTY)), own == each) for each in others]
    return sum(apart) / max(len(apart), 1)


def next_control(world: World, c: int, occasion: str) -> str:
    """Next control of a council: no overall control, or one of the other parties, by luck."""
    own, luck, name = world.control[c], world.luck, world.names[c]
    none = "no_overall_control"
    if own != none and world.happens(world.e("members.to_no_overall_control"), "no majority", name, occasion):
        return none
    named = {council.control for council in world.partnership.councils}
    others = sorted({*PARTIES, *named} - {own, none})
    return others[int(luck.uniform("party in power", name, occasion) * len(others))]


def _occasion(world: World, cause: str) -> str:
    """Address in luck of one change of control or leader."""
    return cause if cause.startswith("election") else f"{cause}, month {int(world.env.now)}"
