"""What a page says when something cannot be done as asked."""


class RefusedError(Exception):
    """Something cannot be done as asked, whoever asks; carries the sentence the user reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
