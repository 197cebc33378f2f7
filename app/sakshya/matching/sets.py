"""The folder of known sets: what is in it, whether it is as imported, what is switched on."""

import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sakshya.domain.faults import OperatorFault, VerificationFault
from sakshya.domain.match import KnownSet
from sakshya.matching.exact import OpenSets
from sakshya.matching.private import create_private, keep_folder, make_private, only_writer
from sakshya.matching.record import SetRecord, file_problems, read_record

_HIDDEN = "."
_STAGING = ".new-"
_DOOMED = ".gone-"
_OFF = "off"
_LONGEST_SLUG = 60


class Switch(Enum):
    """Whether a scan uses a set."""

    ON = "on"
    OFF = "off"


class SetFolder:
    """A folder with one sub-folder for each version of each known set, named by the set's id.

    The folder need not exist until something is imported into it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> list[KnownSet]:
        """Return the sets that are switched on, by id.

        Raises:
            VerificationFault: a set's record cannot be trusted.
        """
        return [known for known in self.every() if self.switched(known.id) is Switch.ON]

    def every(self) -> list[KnownSet]:
        """Return all sets by id, those switched off and older versions too.

        Raises:
            VerificationFault: a set's record cannot be trusted.
        """
        return [self.record(set_id).known for set_id in self.ids()]

    def ids(self) -> list[str]:
        """Return the ids of all sets, damaged ones too."""
        try:
            return sorted(path.name for path in self.path.iterdir() if path.is_dir() and path.name[:1] != _HIDDEN)
        except FileNotFoundError:
            return []

    def record(self, set_id: str) -> SetRecord:
        """Return everything written down about a set.

        Raises:
            OperatorFault: there is no such set.
            VerificationFault: the record cannot be trusted.
        """
        return read_record(self._folder(set_id))

    def verify(self, set_id: str) -> list[str]:
        """Recompute the set's digest and return what differs from the import, one line each; empty when nothing does.

        Raises:
            OperatorFault: there is no such set.
        """
        folder = self._folder(set_id)
        try:
            record = read_record(folder)
        except VerificationFault as fault:
            return [str(fault)]
        problems = file_problems(folder, record)
        if record.known.id != set_id:
            problems.append(f"the folder is named {set_id} but holds the set {record.known.id}")
        return problems

    def switched(self, set_id: str) -> Switch:
        """Tell whether a scan uses the set."""
        return Switch.OFF if (self._folder(set_id) / _OFF).exists() else Switch.ON

    def switch(self, set_id: str, to: Switch) -> None:
        """Let scans use the set, or not; the set itself is not changed.

        Raises:
            OperatorFault: there is no such set.
        """
        mark = self._folder(set_id) / _OFF
        if to is Switch.ON:
            mark.unlink(missing_ok=True)
        elif not mark.exists():
            create_private(mark).close()

    def remove(self, set_id: str) -> None:
        """Delete a set for good. Cases that used it keep its id, version and digest.

        Raises:
            OperatorFault: there is no such set, or its files could not be deleted.
        """
        folder = self._folder(set_id)
        doomed = self.path / f"{_DOOMED}{uuid.uuid4().hex}"
        try:
            with only_writer(self.path):
                folder.rename(doomed)
                shutil.rmtree(doomed)
        except OSError as error:
            raise OperatorFault(
                f"set {set_id} could not be removed ({error.strerror or error})",
                where=str(self.path),
                advice="close every case that is using it and try again",
            ) from error

    def open(self, ids: tuple[str, ...] | None = None) -> OpenSets:
        """Map the sets that are switched on, or those named, after recomputing their digests.

        Raises:
            OperatorFault: a named set is not there.
            VerificationFault: a set is not as it was imported.
        """
        chosen = ids if ids is not None else tuple(known.id for known in self.all())
        for set_id in chosen:
            problems = self.verify(set_id)
            if problems:
                raise VerificationFault(
                    f"known set {set_id} is not as it was imported: {problems[0]}",
                    where=str(self.path / set_id),
                    advice="remove it and import it again",
                )
        return OpenSets(self.path, tuple(self.record(set_id) for set_id in sorted(chosen)))

    @contextmanager
    def new_set(self, set_id: str) -> Iterator[Path]:
        """Give an empty folder that becomes the set when the block ends well, and vanishes when it does not.

        Raises:
            OperatorFault: the set is there already, or another program is changing the sets.
        """
        make_private(self.path)
        with only_writer(self.path):
            self._sweep()
            if set_id in self.ids():
                raise OperatorFault(
                    f"set {set_id} is there already",
                    where=str(self.path),
                    advice="give the new list another version; the old one is kept",
                )
            staging = self.path / f"{_STAGING}{uuid.uuid4().hex}"
            make_private(staging)
            try:
                yield staging
                keep_folder(staging)
                staging.rename(self.path / set_id)
                keep_folder(self.path)
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def retire_older(self, known: KnownSet) -> list[str]:
        """Switch off the set's other versions and return their ids; cases that used them still find them."""
        stem = known.id.rpartition("@")[0]
        older = [one for one in self.ids() if one.rpartition("@")[0] == stem and one != known.id]
        for set_id in older:
            self.switch(set_id, Switch.OFF)
        return older

    def _folder(self, set_id: str) -> Path:
        if set_id not in self.ids():
            raise OperatorFault(
                f"there is no known set {set_id}", where=str(self.path), advice="see `sakshya set list` for their ids"
            )
        return self.path / set_id

    def _sweep(self) -> None:
        """Remove what a killed import or removal left; only the holder of the lock may call it."""
        for path in self.path.iterdir():
            if path.name.startswith((_STAGING, _DOOMED)):
                shutil.rmtree(path, ignore_errors=True)


def id_of_set(name: str, version: str) -> str:
    """Return the stable id of a set, "name@version" in small letters; letters and marks of every script are kept.

    Raises:
        OperatorFault: the name or the version holds no letter or digit, or is too long.
    """
    return f"{_slug(name, 'name')}@{_slug(version, 'version')}"


def _slug(text: str, what: str) -> str:
    # NFC, because a folder on another system may hand the same name back composed.
    folded = unicodedata.normalize("NFC", text).casefold()
    kept = "".join(one if unicodedata.category(one)[0] in "LMN" or one == "." else "-" for one in folded)
    slug = re.sub("-+", "-", kept).strip("-.")
    if not slug or len(slug.encode()) > 2 * _LONGEST_SLUG or len(slug) > _LONGEST_SLUG:
        raise OperatorFault(
            f"{text!r} cannot be the {what} of a set",
            advice=f"use at least one letter or digit and at most {_LONGEST_SLUG} characters",
        )
    return slug
