"""How does an assessment's file get to the newest version of its framework."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from parvis.assessment import moved
from parvis.assessment.errors import FrameworkVersionError
from parvis.assessment.moved import Step
from parvis.errors import InputError
from parvis.io.assessment_file import AssessmentFile
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import load_framework


class AssessmentNewestError(InputError):
    """The framework has no newer version; details: framework, version."""

    code: ClassVar[str] = "assessment_newest"


def moved_on(
    kept: AssessmentFile, *, home: Path | None = None
) -> tuple[AssessmentFile, tuple[Step, ...]]:
    """
    Return a file moved on to the newest version of its framework, and what each step changed.

    Parameters
    ----------
    kept : AssessmentFile
    home : Path, optional
        Library home whose frameworks are looked into as well.

    Raises
    ------
    AssessmentNewestError
        If there is no newer version.
    FrameworkVersionError
        If no newer version takes over answers of this one.
    """
    assessment, steps = kept.assessment, []
    for framework in _following(assessment.framework, home):
        before = assessment.framework.version
        assessment, changes = moved(assessment, framework)
        steps.append(Step(before, framework.version, changes))
    return replace(kept, assessment=assessment), tuple(steps)


def _following(framework: Framework, home: Path | None) -> list[Framework]:
    """Return the versions after a framework, oldest first."""
    newest = load_framework(framework.id, home=home)
    if newest.version <= framework.version:
        raise AssessmentNewestError(framework=framework.name, version=framework.version)
    chain = [newest]
    while (steps := chain[0].replaces) is not None and steps.version > framework.version:
        chain.insert(0, load_framework(framework.id, home=home, version=steps.version))
    if steps is None or steps.version != framework.version:
        raise FrameworkVersionError(
            framework=framework.name,
            found=framework.version,
            version=newest.version,
            accepted="–" if steps is None else steps.version,
        )
    return chain
