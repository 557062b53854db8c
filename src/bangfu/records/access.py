"""Who is looking, and what they may see: one frozen Viewer a request, read with one query.

Access comes from today's role grants and today's pairings, never from a flag on the account, so it can always
answer 为什么能看.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.contrib.auth.backends import ModelBackend

from bangfu.records.models.people import RoleGrant, Staff, User
from bangfu.records.models.places import entry_year_of_grade

LEADER_ROLES = frozenset({"principal", "vice_principal", "union_chair"})
OFFICE_ROLES = frozenset({"aid_officer", "roll_officer", "system_admin"})
GRADE_ROLES = frozenset({"grade_supervisor", "grade_head"})
MINDER_ROLES = frozenset({"homeroom_teacher", "class_attached_teacher"})
CLASS_ROLES = MINDER_ROLES | {"subject_teacher"}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held by the viewer today, with the class or grade it is for."""

    role: str
    school_class_id: UUID | None
    grade: int | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """A staff member on a day. `staff` is the row (id, name, school); `grants` are those valid on `day`."""

    user_id: UUID
    staff: Staff
    day: date
    grants: tuple[Grant, ...]

    @property
    def school(self):
        return self.staff.school

    @property
    def school_id(self):
        return self.staff.school_id

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def holds(self, *roles: str) -> bool:
        """This function will say whether the viewer holds any of the roles today."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_leader(self) -> bool:
        return not self.roles.isdisjoint(LEADER_ROLES)

    @property
    def sees_roll(self) -> bool:
        """Leaders and the office see the whole roll; the office does not see talks and notes."""
        return self.is_leader or not self.roles.isdisjoint(OFFICE_ROLES)

    @property
    def class_ids(self) -> frozenset[UUID]:
        return frozenset(
            g.school_class_id for g in self.grants if g.role in CLASS_ROLES and g.school_class_id
        )

    @property
    def minded_class_ids(self) -> frozenset[UUID]:
        """Classes whose children's records the viewer may read; a subject teacher sees only the names of a class."""
        return self.class_ids_as(*MINDER_ROLES)

    def class_ids_as(self, *roles: str) -> frozenset[UUID]:
        """This function will give the classes for which the viewer holds one of these roles."""
        return frozenset(g.school_class_id for g in self.grants if g.role in roles and g.school_class_id)

    @property
    def entry_years(self) -> frozenset[int]:
        """Entry years of the grades the viewer supervises or heads."""
        return self.entry_years_as(*GRADE_ROLES)

    def entry_years_as(self, *roles: str) -> frozenset[int]:
        """This function will give the entry years of the grades for which the viewer holds one of these roles."""
        return frozenset(
            entry_year_of_grade(g.grade, self.day) for g in self.grants if g.role in roles and g.grade
        )

    def on(self, day: date) -> "Viewer":
        """This function will give the same viewer on another day (grants as they are now)."""
        return replace(self, day=day)


def viewer_for(user: User, day: date) -> Viewer | None:
    """This function will give the Viewer of a signed-in user on `day`, or None if no staff member is behind it."""
    staff, grants = user.viewer_seed if hasattr(user, "viewer_seed") else _seed(user)
    if staff is None or (staff.left_on and staff.left_on <= day):
        return None
    today = tuple(Grant(g.role, g.school_class_id, g.grade) for g in grants if g.is_valid_on(day))
    return Viewer(user_id=user.pk, staff=staff, day=day, grants=today)


def viewer_of(staff: Staff, day: date) -> Viewer:
    """This function will give the Viewer of a staff member without a request (command line, demo, tests)."""
    grants = tuple(
        Grant(g.role, g.school_class_id, g.grade) for g in staff.grants.all() if g.is_valid_on(day)
    )
    return Viewer(user_id=staff.user_id or staff.pk, staff=staff, day=day, grants=grants)


def _seed(user: User):
    grants = list(RoleGrant.objects.filter(staff__user=user).select_related("staff__school", "staff__user"))
    if grants:
        return grants[0].staff, tuple(grants)
    return Staff.objects.filter(user=user).select_related("school").first(), ()


class ViewerBackend(ModelBackend):
    """Loads user, staff member, school and grants in one query, since every page needs all four."""

    def get_user(self, user_id):
        grants = list(
            RoleGrant.objects.filter(staff__user_id=user_id).select_related("staff__school", "staff__user")
        )
        if not grants:
            return User.objects.filter(pk=user_id, is_active=True).first()
        staff = grants[0].staff
        user = staff.user
        user.viewer_seed = (staff, tuple(grants))
        return user if user.is_active else None
