"""All tables, one noun a file, imported here so that Django finds them."""

from bangfu.records.models.areas import (
    Area,
    AreaStaff,
    HomeGround,
    TeamMember,
    Village,
    VillagePost,
    VillageTeam,
)
from bangfu.records.models.attendance import AbsenceMark, HomeTeaching, RollCall
from bangfu.records.models.audit import Event, Feedback
from bangfu.records.models.awards import Nomination
from bangfu.records.models.calendars import Absence, DayOverride, Leave, Term, Waiver
from bangfu.records.models.care import (
    CareCase,
    CareEvent,
    CareHandOver,
    CareNote,
    CareRules,
    GroupMember,
    GroupSession,
    Referral,
    ScreeningResult,
    SharedAdvice,
)
from bangfu.records.models.care_danger import (
    Escalation,
    EscalationCall,
    GlassBreak,
    GlassOpening,
    MandatoryReport,
)
from bangfu.records.models.carers import Carer
from bangfu.records.models.cases import Case, Decision, Survey, SurveyAnswer
from bangfu.records.models.conflicts import FieldConflict, FieldVersion
from bangfu.records.models.contacts import CallSetting, ParentContact, VideoCall
from bangfu.records.models.coverage import Exclusion
from bangfu.records.models.devices import SyncItem
from bangfu.records.models.digests import Channel, NightRun, Reminder
from bangfu.records.models.dropouts import (
    CatchmentChild,
    CatchmentList,
    DifferenceAnswer,
    DropoutFile,
    DropoutStep,
    Persuasion,
    SchoolingReport,
)
from bangfu.records.models.evidence import AppendOnly, Evidence, EvidencePupil
from bangfu.records.models.facilities import Facility, Thing, ThingMove
from bangfu.records.models.facts import FactStatement, Intake
from bangfu.records.models.goals import CaseGoal, GoalStep
from bangfu.records.models.handovers import Handover, HandoverPair, PairNote
from bangfu.records.models.households import Household, HouseholdHelper, HouseholdPartner, LocalPartner
from bangfu.records.models.lists import HeadingMap, ListLeaver, ListMatch, ReceivedList
from bangfu.records.models.pairings import Avoidance, Pairing, PairingLimit
from bangfu.records.models.pauses import Appointment, Suspension
from bangfu.records.models.peers import PeerOffer, PeerPair, PeerWish, StudyGroup
from bangfu.records.models.people import Enrolment, Guardian, Pupil, RoleGrant, Staff, User
from bangfu.records.models.places import School, SchoolClass
from bangfu.records.models.plans import AdoptedPlan, PlanDraft
from bangfu.records.models.recognition import (
    Application,
    Appraisal,
    AppraisalOpinion,
    Notice,
    Objection,
    PanelMember,
    Recognition,
    RecognitionRound,
)
from bangfu.records.models.reviews import (
    Filing,
    MonthSheet,
    SheetAmendment,
    SheetCase,
    SpotCheck,
    TermSummary,
)
from bangfu.records.models.rounds import Hardship, HouseholdPlace, HouseholdVisit, RoundTaken
from bangfu.records.models.sponsors import Sponsor, SponsorPair
from bangfu.records.models.states import DutyState, KeptLedger
from bangfu.records.models.visits import VisitCompany

__all__ = [
    "CallSetting", "Hardship", "HouseholdPlace", "HouseholdVisit", "ParentContact", "RoundTaken", "VideoCall",
    "CareCase", "CareEvent", "CareHandOver", "CareNote", "CareRules", "Escalation", "EscalationCall", "GlassBreak",
    "GlassOpening", "GroupMember", "GroupSession", "MandatoryReport", "Referral", "ScreeningResult",
    "SharedAdvice",
    "Area", "AreaStaff", "HomeGround", "Household", "HouseholdHelper", "HouseholdPartner", "LocalPartner", "TeamMember",
    "Village", "VillagePost", "VillageTeam",
    "AbsenceMark", "CatchmentChild", "CatchmentList", "DifferenceAnswer", "DropoutFile", "DropoutStep", "HomeTeaching",
    "Persuasion", "RollCall", "SchoolingReport",
    "Absence", "AdoptedPlan", "AppendOnly", "Application", "Appraisal", "AppraisalOpinion", "Avoidance", "Case",
    "CaseGoal",
    "DayOverride", "Decision", "DutyState", "Enrolment", "Event", "Evidence", "EvidencePupil", "Exclusion",
    "FactStatement", "Feedback", "Filing", "GoalStep", "Guardian", "HeadingMap", "Intake", "KeptLedger",
    "Leave", "ListLeaver", "ListMatch", "MonthSheet", "Nomination", "Notice", "Objection", "Pairing",
    "PairingLimit", "PanelMember", "PlanDraft", "Pupil", "ReceivedList", "Recognition", "RecognitionRound", "RoleGrant",
    "School", "SchoolClass", "SheetAmendment", "SheetCase", "SpotCheck", "Staff", "Survey", "SurveyAnswer",
    "Term", "TermSummary", "User", "Waiver",
    "Sponsor", "SponsorPair", "VisitCompany",
    "Appointment", "Handover", "HandoverPair", "PairNote", "Suspension",
    "Channel", "Facility", "NightRun", "Reminder", "Thing", "ThingMove",
    "FieldConflict", "FieldVersion", "SyncItem",
    "Carer", "PeerOffer", "PeerPair", "PeerWish", "StudyGroup",
]  # fmt: skip
