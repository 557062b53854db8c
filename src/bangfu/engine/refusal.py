"""A verb says no: named, expected, and told in one sentence. Each verb subclasses it beside itself."""


class Refusal(Exception):
    """Carries `sentence`: what, where and what next, in Chinese, ready for a page or an exit code."""

    sentence: str = "现在不能这样做。"

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence or type(self).sentence
        super().__init__(self.sentence)
