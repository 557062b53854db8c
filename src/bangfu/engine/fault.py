"""What is wrong with something people gave us: a value, never an exception. Every reader asks for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to look at: `where` is file:key or sheet!row:column, `what` and `hint` are Chinese sentences."""

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}：{self.what}" + (f"（{self.hint}）" if self.hint else "")
