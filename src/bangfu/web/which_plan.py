"""Which of the school's plans a page is about, when several are in use: named in the address, the first otherwise."""

from dataclasses import dataclass

from django.utils.http import urlencode

from bangfu.engine.plan import Plan
from bangfu.flow import adopt


@dataclass(frozen=True, slots=True)
class WhichPlan:
    """The plan a page is about, and the others it could be about: (key, short title)."""

    plan: Plan | None
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """This property will give what keeps an address on this plan; nothing where there is no choice."""
        return "?" + urlencode({"plan": self.plan.key}) if self.plan and len(self.choices) > 1 else ""


def which_plan(request, fits) -> WhichPlan:
    """This function will find the plan named in the address among those in force that fit; else the first of them."""
    viewer = request.viewer
    plans = [plan for plan in adopt.plans_in_force(viewer.school, viewer.day) if fits(plan)]
    wanted = request.GET.get("plan", "")
    plan = next((plan for plan in plans if plan.key == wanted), plans[0] if plans else None)
    return WhichPlan(plan, tuple((plan.key, plan.short_title) for plan in plans))
