"""One row of everything attendance and dropout control name in an address, for the outsider's journey."""

from bangfu.flow import attendance, catchment, dropout
from tests.cast import DAY
from tests.exchange import workbooks

WITH_IDS = {
    "attendance_class": ["school_class"],
    "attendance_back": ["roll_call"],
    "attendance_explain": ["mark"],
    "attendance_step": ["pupil"],
    "dropout_file": ["dropout"],
    "dropout_paper": ["dropout"],
    "home_teaching_paper": ["at_home"],
    "catchment_back": ["catchment"],
    "catchment_link": ["catchment"],
}
WITHOUT_IDS = (
    "attendance", "attendance_file", "dropout_new", "schooling", "difference_answer", "schooling_confirm", "schooling_paper",
)  # fmt: skip


def rows(cast) -> dict:
    """Return a roll call with a mark, an open file, teaching at home and a list of school age."""
    homeroom, principal = cast.viewer(cast.homeroom), cast.viewer(cast.principal)
    away = [attendance.Away(cast.pupils[0].pk, said="看图说话")]
    call = attendance.call(school_class=cast.class_two, day=DAY, away=away, by=homeroom)
    file = dropout.open_file(about=cast.pupils[4], opening=dropout.Opening(DAY, said="看图说话"), by=homeroom)
    wanted = dropout.AtHome(DAY, 30, "看图说话")
    plan = dropout.plan_home_teaching(
        pupil=cast.pupils[4], teacher=cast.homeroom, wanted=wanted, by=principal
    )
    content = workbooks.xlsx(("名单", [["姓名", "性别", "村"], ["看图说", "女", "平坝村"]]))
    listed = catchment.take_list(paper=catchment.ListPaper("school_age", content, "a.xlsx"), by=principal)
    return {
        "roll_call": call,
        "mark": call.marks.get(),
        "dropout": file,
        "at_home": plan,
        "catchment": listed,
    }
