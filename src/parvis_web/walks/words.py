"""What the page on a device says: every sentence by its key, in the language of whoever asks."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

WORDS: Mapping[str, Promise] = {
    "app_title": _("On site"),
    "offline": _("Offline"),
    "battery": _("Battery {percent} %"),
    "nothing_waits": _("Everything is sent."),
    "saved": _("Saved"),
    "saving": _("Saving …"),
    "not_saved": _(
        "Not saved. The device's storage is full or closed: write down what you see, then "
        "free some space."
    ),
    "lock": _("Lock"),
    "back": _("Back"),
    "next": _("Next"),
    "overview": _("Overview"),
    "cancel": _("Cancel"),
    "until": _("Until {moment}"),
    "home_title": _("On site"),
    "home_none": _(
        "No copy is on this device. Open an assessment in the application and choose “Open "
        "on this device”."
    ),
    "home_copies": _("Copies on this device"),
    "home_open": _("Open"),
    "home_copy": _("Copy until {day}"),
    "home_ended": _("Copy of which the time is over"),
    "home_destroyed": _("Copy whose key was destroyed"),
    "home_withdrawn": _("Copy that was withdrawn"),
    "home_install": _("Put on the home screen"),
    "home_application": _("To the application"),
    "home_import": _("Open an exported file"),
    "home_needs_https": _(
        "This page keeps nothing safe here: it needs an address that begins with https://."
    ),
    "take_title": _("Take along"),
    "take_lede": _(
        "The questions, the map and the points come onto this device, encrypted. They open "
        "without a network, for seven days."
    ),
    "take_device": _("Name of this device"),
    "take_device_hint": _("So that others see where the copy is, e.g. “Tablet 3”"),
    "take_pin": _("PIN"),
    "take_pin_hint": _(
        "At least six digits; nobody can give it back to you. Letters make it stronger."
    ),
    "take_pin_again": _("PIN once more"),
    "take_button": _("Take along"),
    "take_passkey": _("Use fingerprint, face or security key"),
    "take_or": _("or"),
    "take_working": _("Fetching and encrypting …"),
    "take_failed": _("The copy could not be fetched: there is no connection. Try again."),
    "take_signed_out": _("You are signed out. Sign in, then take the copy along."),
    "take_done": _("It is on this device now. It opens without a network."),
    "sign_in": _("Sign in"),
    "device_missing": _("Give the device a name."),
    "pin_short": _("A PIN has at least six digits."),
    "pin_simple": _("This PIN is guessed first: no row of numbers and no repetition."),
    "pin_differs": _("The two PINs differ."),
    "password_short": _("The password has at least twelve characters."),
    "password_differs": _("The two passwords differ."),
    "passkey_unsupported": _("This fingerprint reader or key cannot lock a copy. Choose a PIN."),
    "passkey_failed": _("It was not recognised. Try again."),
    "unlock_title": _("Locked"),
    "unlock_pin": _("PIN"),
    "unlock_password": _("Password"),
    "unlock_button": _("Open"),
    "unlock_passkey": _("Open with fingerprint, face or key"),
    "unlock_working": _("Checking …"),
    "unlock_last": _("Wrong. One try is left: another wrong one destroys the copy."),
    "unlock_idle": _("Locked because nothing was touched for five minutes."),
    "keypad_letters": _("Letters"),
    "keypad_digits": _("Digits"),
    "keypad_delete": _("Delete the last digit"),
    "destroyed_title": _("The key is destroyed"),
    "destroyed_text": _(
        "Ten wrong tries. What was on this device can no longer be read, by nobody."
    ),
    "destroyed_next": _("Take a new copy along in the application."),
    "destroyed_clear": _("Remove the rest"),
    "over_title": _("The time of this copy is over"),
    "over_text": _(
        "Questions, map and answers are no longer shown. What waits can still be sent or exported."
    ),
    "withdrawn_title": _("The copy was withdrawn"),
    "withdrawn_text": _("It is not taken any more. Export what waits, then remove it."),
    "overview_progress": _("{done} of {total} answered"),
    "overview_more": _("Further questions"),
    "overview_begin": _("Begin"),
    "overview_go_on": _("Go on"),
    "overview_map": _("Map and points"),
    "overview_plan": _("Plan"),
    "overview_questions": _("All questions"),
    "overview_send": _("Send"),
    "overview_leave": _("Hand back"),
    "overview_fresh": _("Bring up to date"),
    "fresh_done": _("Up to date."),
    "map_title": _("Map"),
    "map_alt": _("Map of the place with numbered points"),
    "map_larger": _("Larger"),
    "map_smaller": _("Smaller"),
    "map_here": _("Show where I am"),
    "map_outside": _("You are outside this map."),
    "map_no_position": _("The device does not tell where it is."),
    "map_you": _("You are here"),
    "plan_alt": _("Plan of the place"),
    "points_title": _("Points"),
    "points_none": _("No points go along: there is no finished analysis of this place."),
    "point_title": _("Point {number}"),
    "point_width_now": _("Width on record: {width} m"),
    "point_width_none": _("No width on record"),
    "point_grade": _("Grade {grade}"),
    "point_measured": _("Measured: {width} m"),
    "width_label": _("Measured width"),
    "width_unit": _("m"),
    "width_hint": _("The clear width, at its narrowest, with the tape on the ground"),
    "width_note": _("Note"),
    "width_photo": _("Photo of the tape"),
    "width_save": _("Keep the width"),
    "width_bad": _("Give metres between 0.1 and 50, e.g. 3.2."),
    "width_kept": _("The width is kept. It becomes a correction when it is sent."),
    "question_of": _("Question {number} of {total}"),
    "question_more": _("Further question {number} of {total}"),
    "cannot_see": _("Cannot see, because …"),
    "not_applicable": _("Does not apply"),
    "because": _("Why not?"),
    "because_dark": _("It is too dark"),
    "because_hidden": _("It is hidden from view"),
    "because_closed": _("There is no way in"),
    "because_nobody": _("Nobody is here to ask"),
    "reason_missing": _("Say why. Then the answer counts."),
    "note": _("Note"),
    "clear_answer": _("Take the answer back"),
    "answer_none": _("Not answered"),
    "answered_by": _("Answered by {person}, {moment}"),
    "choose_several": _("Choose all that hold"),
    "choice_waits": _("Counts only where earlier answers allow it."),
    "number_bad": _("Write a number, e.g. 3.5."),
    "number_range": _("Between {low} and {high}."),
    "number_whole": _("Write a whole number."),
    "date_today": _("Today"),
    "place_take": _("Take the place where I stand"),
    "place_taken": _("Place kept, within {metres} m"),
    "place_failed": _("The device does not tell where it is. Go under the open sky and try again."),
    "desk_only": _("This one is answered at the desk."),
    "photo_add": _("Take a photo"),
    "photo_title": _("Photo"),
    "photo_shutter": _("Take it"),
    "photo_again": _("Once more"),
    "photo_keep": _("Keep the photo"),
    "photo_remove": _("Remove the photo"),
    "photo_no_camera": _(
        "No camera can be used. Allow it for this page in the browser's settings."
    ),
    "photo_blur": _("Wipe over faces and number plates, or tap them."),
    "photo_blur_all": _("Blur everything"),
    "photo_blur_undo": _("Undo"),
    "photo_blur_size": _("Larger brush"),
    "photo_confirm": _("No face and no number plate can be read."),
    "photo_unconfirmed": _("Look once more and tick that no face and no number plate can be read."),
    "photo_taken": _("Photo of {moment}"),
    "send_title": _("Send"),
    "send_button": _("Send now"),
    "send_working": _("Sending …"),
    "send_offline": _("There is no connection. Everything stays safe on this device."),
    "send_failed": _("The server does not answer. Everything stays on this device; try again."),
    "send_signed_out": _("You are signed out. What waits stays here; sign in to send it."),
    "send_done": _("Everything is sent."),
    "send_refused": _("Not taken"),
    "send_conflicts": _("Answered differently"),
    "conflict_text": _(
        "{person} answered too, {moment}. Both answers are kept; one of them is chosen in "
        "the application."
    ),
    "conflict_yours": _("You said"),
    "conflict_theirs": _("{person} said"),
    "conflict_seen": _("Seen"),
    "leave_title": _("Hand back"),
    "leave_text": _("The copy and its key are destroyed on this device."),
    "leave_waiting_text": _(
        "Send them, or export them into an encrypted file. Only then can the copy be removed."
    ),
    "leave_button": _("Hand back"),
    "leave_export": _("Export into an encrypted file"),
    "leave_done": _("The copy is gone from this device."),
    "leave_offline": _(
        "Handed back here; the server learns of it when you next open this page with a connection."
    ),
    "leave_exported": _(
        "The file is saved. Remove the copy only when you have checked that it is there."
    ),
    "leave_confirm": _("I have the exported file."),
    "export_title": _("Export"),
    "export_text": _(
        "The file holds what is not sent yet, encrypted. Whoever opens it needs the "
        "password; nobody counts the tries on a file, so take a long one."
    ),
    "export_password": _("Password for the file"),
    "export_password_hint": _("At least twelve characters, e.g. four words"),
    "export_again": _("Password once more"),
    "export_button": _("Save the file"),
    "import_title": _("Open an exported file"),
    "import_text": _("The file is read on this device; with its password its items can be sent."),
    "import_file": _("File (.parvis-walk.json)"),
    "import_button": _("Read the file"),
    "import_bad": _("This is no exported file of a walk."),
    "import_there": _("This copy is on this device already. Send or hand it back first."),
    "item_answer": _("Answer"),
    "item_photo": _("Photo"),
    "item_width": _("Width"),
    "error_storage": _(
        "This browser keeps nothing: private windows and full devices cannot take a copy along."
    ),
    "error_unknown": _("That did not work. What was saved stays saved."),
    "state": _("State"),
    "goes_on": _("Where it goes on"),
    "open_elsewhere": _("This copy is open in another tab. Go on there."),
    "photo_keys": _("Photo. Arrow keys move the frame, the space bar blurs what it covers."),
    "photo_wanted": _("A photo answers this question."),
}
"""Placeholders are written ``{name}``; the page fills them."""

PLURALS: Mapping[str, Any] = {
    "waiting": ngettext_lazy("{count} waiting", "{count} waiting"),
    "waiting_long": ngettext_lazy(
        "{count} item waits on this device.",
        "{count} items wait on this device.",
    ),
    "unlock_wrong": ngettext_lazy("Wrong. {count} try is left.", "Wrong. {count} tries are left."),
    "destroyed_lost": ngettext_lazy(
        "{count} item that was not sent is lost.",
        "{count} items that were not sent are lost.",
    ),
    "photo_count": ngettext_lazy("{count} photo", "{count} photos"),
    "send_incomplete": ngettext_lazy(
        "{count} answer is not complete and is not sent.",
        "{count} answers are not complete and are not sent.",
    ),
    "leave_waiting": ngettext_lazy(
        "{count} item is not sent yet.",
        "{count} items are not sent yet.",
    ),
}
"""Of `ngettext_lazy`; ``{count}`` is the number."""

_FORMS = {"one": 1, "two": 2, "few": 3, "many": 5, "other": 100}


def words() -> dict[str, str | dict[str, str]]:
    """Return all sentences in the active language, the counted ones by the form of the number."""
    plain: dict[str, str | dict[str, str]] = {key: str(text) for key, text in WORDS.items()}
    return plain | {
        key: {form: str(text % n) for form, n in _FORMS.items()} for key, text in PLURALS.items()
    }
