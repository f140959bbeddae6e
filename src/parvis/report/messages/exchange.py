"""Sentences of assessments' files, of forms for phones, and of answers that come back."""

EN = {
    "assessment_missing": (
        "The file {file} does not exist; begin one with: parvis assess new FRAMEWORK --subject NAME"
    ),
    "assessment_unreadable": "{file} is no assessment that can be read: {where}: {problem}.",
    "assessment_framework_changed": (
        "{file} was written with another text of {framework}, version {version}, than the one "
        "that is there now: put that file back, or move the assessment to a new version."
    ),
    "assessment_newest": (
        "Version {version} of “{framework}” is the newest there is: nothing to move on to."
    ),
    "assessment_exists": "{file} exists already: choose another name with --output.",
    "assess_attribute": '"{value}" is no fact of the subject; accepted: {accepted}.',
    "assess_answer": (
        "{question} needs one answer: a value, --unknown BECAUSE, --not-applicable, or for a "
        "photo --evidence FILE."
    ),
    "evidence": "{file} cannot be kept as evidence: {problem}.",
    "photo_unreadable": "{file} cannot be used as a photo: {problem}.",
    "form_refused": (
        '{file} cannot become a framework: sheet {sheet}, row {row}, column {column}, "{value}": '
        "{problem}."
    ),
    "form_own_server": (
        "The form of {framework} is TLP:{marking} and may only go to a server of your authority's "
        "own: confirm that it does with --own-server."
    ),
    "form_marking": (
        "The assessment of {framework} is TLP:{marking} and leaves this machine in no form."
    ),
    "form_left_out": "Left out, {what}: rows {rows}.",
    "form_renamed": '"{name}" is called {key} in the framework.',
    "form_language": "The language {language} is left out: {n} texts are missing in it.",
    "submissions_unreadable": "{file} holds no submissions that can be read: {problem}.",
    "submissions_form": (
        "{file} answers another form: it says {found}, the assessment expects {expected}."
    ),
    "submission_value": '{question} does not take the answer "{value}".',
    "submission_closed": (
        'The list “{list}” takes no entries of one\'s own: "{value}" is none of {known}.'
    ),
    "submission_place": 'An added block does not say what it is about: "{value}".',
    "answers_invalid": (
        "{n} rows of {file} are no answers; nothing was taken. Mend them and repeat:\n{listed}"
    ),
    "answers_too_long": (
        "A text of {n} signs does not fit into a cell of a workbook: export as csv or json."
    ),
}
