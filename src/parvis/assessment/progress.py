"""How far an assessment is."""

from dataclasses import dataclass

from parvis.assessment.model import Assessment, Item
from parvis.assessment.reading import Reading, read


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """
    How far a section is, all its repeats together.

    Attributes
    ----------
    section : str
    n_asked : int
        Items that are shown.
    n_required : int
        Of these, items without which it is not complete.
    n_answered, n_unknown, n_not_applicable : int
        Of those asked. Of several assessors who have to settle counts as answered.
    n_open : int
        Required ones that nobody has answered.
    """

    section: str
    n_asked: int
    n_required: int
    n_answered: int
    n_unknown: int
    n_not_applicable: int
    n_open: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an assessment is, section by section."""

    sections: tuple[SectionProgress, ...]

    @property
    def n_asked(self) -> int:
        """Items that are shown."""
        return sum(section.n_asked for section in self.sections)

    @property
    def n_required(self) -> int:
        """Items without which it is not complete."""
        return sum(section.n_required for section in self.sections)

    @property
    def n_open(self) -> int:
        """Required items that nobody has answered."""
        return sum(section.n_open for section in self.sections)

    @property
    def n_done(self) -> int:
        """Items that are answered, be it with "unknown" or "not applicable"."""
        return sum(
            section.n_answered + section.n_unknown + section.n_not_applicable
            for section in self.sections
        )

    @property
    def is_complete(self) -> bool:
        """Nothing that is required is open."""
        return not self.n_open


def progress(assessment: Assessment, *, assessor: str | None = None) -> Progress:
    """Return how far all assessors together are, or one of them alone."""
    return progress_of(read(assessment, assessor=assessor))


def shown(assessment: Assessment, *, assessor: str | None = None) -> tuple[Item, ...]:
    """
    Return the items that are asked, in order.

    What hangs on an answer that is missing or unknown is not asked.

    Parameters
    ----------
    assessment : Assessment
    assessor : str, optional
        Whose answers decide; all together where left out.
    """
    reading = read(assessment, assessor=assessor)
    return tuple(item for item in reading.sheet.items if reading.is_shown(item))


def progress_of(reading: Reading) -> Progress:
    """Return how far a reading is."""
    return Progress(
        tuple(
            _section(
                reading, section.key, [i for i in reading.sheet.items if i.section == section.key]
            )
            for section in reading.sheet.framework.sections
        )
    )


def _section(reading: Reading, key: str, items: list[Item]) -> SectionProgress:
    asked = [item for item in items if reading.is_shown(item)]
    states = [reading.holds_of(item).state for item in asked]
    required = [reading.sheet.is_required(item) for item in asked]
    return SectionProgress(
        section=key,
        n_asked=len(asked),
        n_required=sum(required),
        n_answered=states.count("answered") + states.count("unsettled"),
        n_unknown=states.count("unknown"),
        n_not_applicable=states.count("not-applicable"),
        n_open=sum(n and state == "missing" for n, state in zip(required, states, strict=True)),
    )
