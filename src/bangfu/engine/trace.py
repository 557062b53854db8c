"""The trace of a plan: every demand of the text it was written from → where the pack says it → what proves it."""

WAITING = {
    "disburse": "发放",
    "attend": "考勤、控辍",
    "counsel": "心理",
    "household": "乡镇和农户",
    "arithmetic": "口算",
    "peers": "同伴、资助人和小组结对",
    "facility": "场所",
    "indicator": "整体指标",
    "goal": "目标和步骤",
    "casefile": "档案齐不齐",
    "election": "班级评选",
}
