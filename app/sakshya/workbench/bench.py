"""The workbench: what the window and the commands can do with one case."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sakshya import shipped
from sakshya.casefile import keyslots
from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.casefile.head import CaseHead
from sakshya.domain.category import Category, Scheme
from sakshya.domain.decision import Decision
from sakshya.domain.entry import Entry
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import Item, ItemId
from sakshya.domain.locator import Locator
from sakshya.domain.match import KnownSet
from sakshya.domain.moment import iso_utc
from sakshya.domain.person import Person, Role
from sakshya.evidence.guard import refuse_on_exhibit
from sakshya.matching.importers import ImportOptions, ImportPlan, commit, plan
from sakshya.matching.schemes import load_schemes
from sakshya.matching.sets import SetFolder
from sakshya.report.templates import CaseTemplate, load_templates
from sakshya.review import decide as deciding
from sakshya.review.exposure import record_look, record_look_ended
from sakshya.review.look import start_looking
from sakshya.triage.engine.child import Server
from sakshya.triage.engine.local import LocalEngine
from sakshya.triage.events import Event
from sakshya.triage.forecast import Forecast, forecast, rates_here
from sakshya.triage.scan import ScanJob, scan
from sakshya.workbench.attach import attach, verify_again
from sakshya.workbench.browsing import Browser
from sakshya.workbench.desk import Desk, account
from sakshya.workbench.requests import AttachRequest, ScanRequest
from sakshya.workbench.unchanged import hash_changed, require_unchanged
from sakshya.workbench.unlock import Opener, unlock

if TYPE_CHECKING:
    from sakshya.media.reveal import Clear
    from sakshya.report.bundle import BundleResult

Cancel = Callable[[], bool]

_ACTING = (Role.EXAMINER, Role.REVIEWER, Role.SUPERVISOR)


class Workbench:
    """One open case and who works on it. Close it, or use it as a context manager."""

    def __init__(self, case: CaseFile, desk: Desk, by: str | None) -> None:
        self.case = case
        self.desk = desk
        self.who = by or account()
        self._looking: Server | None = None
        self.browse = Browser(case, self.note)

    @classmethod
    def new_case(
        cls,
        folder: Path,
        head: Mapping[str, str],
        *,
        desk: Desk,
        by: str | None = None,
        passphrase: str | None = None,
        unencrypted_reason: str | None = None,
    ) -> Self:
        """Create a case and open it. `head` holds `template` and its fields.

        Raises:
            OperatorFault: the template or a field is unknown, the folder is in use, or an unencrypted case lacks its
                reason.
        """
        fields = {name: value for name, value in head.items() if name != "template"}
        template = _template_with(head.get("template", ""), fields)
        if not passphrase and not unencrypted_reason:
            raise OperatorFault(
                "a case is encrypted with a passphrase, or left unencrypted for a stated reason",
                advice="give --passphrase-file FILE, or --unencrypted --reason TEXT",
            )
        reason = None if passphrase else unencrypted_reason
        case_head = CaseHead(template.id, fields, zone=template.zone, unencrypted_reason=reason)
        case = CaseFile.create(folder, case_head, passphrase=passphrase, at=desk.clock())
        bench = cls(case, desk, by)
        with case.transaction():
            bench.note(
                "case.new",
                "case",
                {"template": template.id, "encrypted": bool(passphrase)},
                {"fields": fields, "unencrypted_reason": unencrypted_reason},
            )
            if by:
                bench._enrol(by)
        return bench

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        desk: Desk,
        by: str | None = None,
        passphrase: str | None = None,
        mode: Mode = Mode.WRITE,
    ) -> Self:
        """Open an existing case.

        Raises:
            OperatorFault: it is no case, is open elsewhere, is newer than this program, or the passphrase is wrong.
        """
        case = CaseFile.open(folder, passphrase=passphrase, mode=mode)
        try:
            bench = cls(case, desk, by)
            if by and mode is not Mode.READ:
                bench._enrol(by)
        except BaseException:
            case.close()
            raise
        return bench

    def close(self) -> None:
        """End the reading processes and close the case."""
        self.forget_readers()
        self.case.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def change_passphrase(self, old: str, new: str) -> None:
        """Let another passphrase open this encrypted case; the database key stays, so nothing is written anew.

        Raises:
            OperatorFault: the old passphrase opens nothing, or the case is not encrypted.
        """
        if not self.case.head.encrypted:
            raise OperatorFault("the case is not encrypted", where=str(self.case.folder))
        keyslots.change(self.case.folder, old, new)
        self.note("case.passphrase", "case", {})

    # People

    def add_person(self, name: str, role: Role, designation: str, *, passphrase: str | None) -> Person:
        """Put a person on the case's roster; with a passphrase they get a signing key that it protects."""
        with self.case.transaction():
            person = self.case.people.add(name, role, designation, at=self.desk.clock(), passphrase=passphrase)
            public = {"role": role.value, "public_key": person.public_key}
            self.note("person.add", "roster", public, {"name": name, "designation": designation})
        return person

    def _enrol(self, name: str) -> None:
        """Let a person act.

        A roster that nobody keeps takes a new name as an examiner without a key. Once a person was put on it with
        `add_person` it is kept, and a name that is not on it is refused.
        """
        person = next((one for one in self.case.people.all() if one.name == name), None)
        if person is not None:
            if person.role not in _ACTING:
                raise OperatorFault(f"{name} may read this case and not act in it")
            return
        if any(entry.act == "person.add" for entry in self.case.ledger.entries()):
            raise OperatorFault(f"{name} is not on this case's roster", advice="add them with: sakshya case people add")
        with self.case.transaction():
            self.case.people.add(name, Role.EXAMINER, "", at=self.desk.clock(), passphrase=None)
            self.note("person.enrol", "roster", {"role": Role.EXAMINER.value}, {"name": name})

    # Schemes

    @property
    def template(self) -> CaseTemplate:
        """The template the case was made from."""
        return templates()[self.case.head.template]

    def scheme(self) -> Scheme:
        """Return the scheme in which this case's examiners decide."""
        return schemes()[self.template.scheme]

    def category(self, text: str) -> Category:
        """Return the category for `SCHEME:CODE`, or for a bare CODE of the case's own scheme.

        Raises:
            OperatorFault: the scheme or the code is unknown.
        """
        scheme_id, _, code = text.rpartition(":")
        scheme = schemes().get(scheme_id) if scheme_id else self.scheme()
        if scheme is None:
            raise OperatorFault(f"no scheme {scheme_id!r}", advice=f"schemes: {', '.join(sorted(schemes()))}")
        if scheme.meaning(code) is None:
            codes = ", ".join(f"{one.code} ({one.label})" for one in scheme.codes)
            raise OperatorFault(f"{scheme.id} has no code {code!r}", advice=f"its codes: {codes}")
        return scheme.category(code)

    # Exhibits

    def attach(self, request: AttachRequest, cancel: Cancel = bool) -> Iterator[Event]:
        """Attach an exhibit; see `attach.attach`."""
        return attach(self.case, self.desk, request, self.who, cancel)

    def verify_exhibit(self, number: str, cancel: Cancel = bool) -> Iterator[Event]:
        """Hash an exhibit once more; see `attach.verify_again`."""
        return verify_again(self.case, self.desk, number, self.who, cancel)

    def unlock(self, number: str, keys: Sequence[str], cancel: Cancel = bool) -> Iterator[Event]:
        """Keep keys for an exhibit and take in what they open; see `unlock.unlock`."""
        return unlock(self.case, self.desk, number, keys, Opener(self.who, cancel))

    def tree(self, number: str, locator: Locator | None = None) -> list[Entry]:
        """Return all entries of one folder, or the volumes of an exhibit; read in another process.

        Raises:
            EvidenceFault: the folder could not be read, or the exhibit changed since it was hashed.
        """
        return self.browse.everything(number, str(locator) if locator else None)

    def forget_readers(self) -> None:
        """Let the reading processes start anew, with exhibits attached since."""
        if self._looking is not None:
            self._looking.close()
        self._looking = None
        self.browse.close()

    # Known sets

    def sets(self) -> list[KnownSet]:
        """Return the known sets of this desk that are switched on."""
        return SetFolder(self.desk.sets).all()

    @staticmethod
    def plan_set(file: Path, options: ImportOptions) -> ImportPlan:
        """Read a hash list once and say what importing it would do; nothing is written."""
        return plan(file, options)

    def import_set(self, planned: ImportPlan) -> KnownSet:
        """Import a planned set into this desk's folder and write that into the case's ledger."""
        refuse_on_exhibit(self.desk.sets, self.case.exhibits.all())
        imported = commit_set(planned, self.desk)
        self.note("set.import", imported.id, {"digest": imported.digest, "entries": imported.entries})
        return imported

    # Scan and review

    def scan(self, request: ScanRequest, cancel: Cancel = bool) -> Iterator[Event]:
        """Scan every exhibit of the case, after hashing again those that changed; see `triage.scan.scan`."""
        if not self.case.exhibits.all():
            raise OperatorFault("the case has no exhibit", advice="attach one with: sakshya exhibit add")
        job = ScanJob(
            sets=self.desk.sets,
            known=tuple(self.sets()),
            engine=LocalEngine(request.worker_count()),
            by=self.who,
            zone=self.desk.zone,
            clock=self.desk.clock,
            rates=self.desk.rates,
            depth=request.depth,
        )
        changed = hash_changed(self.case, lambda number: self.verify_exhibit(number, cancel))
        return chain(changed, scan(self.case, job, cancel))

    def forecast(self, request: ScanRequest) -> Forecast:
        """Return what a scan still has to do, and how long it will probably take; nothing is read from an exhibit."""
        numbers = [one.number for one in self.case.exhibits.all()]
        return forecast(self.case, numbers, rates_here(self.desk.rates), request.worker_count())

    def decide(self, items: Sequence[ItemId], category: Category, reason: str = "") -> list[Decision]:
        """Put items into a category, as one step."""
        return deciding.decide(self.case, items, category, self._act(), reason=reason)

    def undo(self) -> list[Decision]:
        """Take back this person's last decision that still stands."""
        return deciding.undo(self.case, self._act())

    def look(self, item_id: ItemId, long_side: int, *, second: float | None = None, reason: str = "") -> "Clear":
        """Decode one item from its exhibit for a deliberate look; the ledger line is written before.

        An item that a set knows is decoded only with a stated reason, whatever a person decided about it.

        Raises:
            OperatorFault: a known item without a reason.
            EvidenceFault: it cannot be read or decoded, or the exhibit changed since it was hashed.
        """
        item = self.case.items.get(item_id)
        if item.is_settled and not reason.strip():
            raise OperatorFault("a known item is opened only for a stated reason")
        require_unchanged(self.case.exhibits.get(item.where[0].locator.exhibit))
        record_look(self.case, item, self._act(), reason=reason)
        if self._looking is None:
            self._looking = Server(start_looking, tuple(self.case.exhibits.all()))
        clear: Clear = self._looking.call(str(item.where[0].locator), long_side, second)
        return clear

    def look_ended(self, item: Item, seconds: float) -> None:
        """Write down for how long an item was in clear."""
        record_look_ended(self.case, item, seconds, self._act())

    # Papers

    def report(self, to: Path, language: str = "en") -> list[Path]:
        """Print the report and write that into the ledger."""
        # Here and not above: the PDF library loads a picture library, which the window's process must not have.
        from sakshya.workbench import papers

        return papers.report(self, to, language)

    def names_annexure(self, to: Path, order: str, language: str = "en") -> Path:
        """Print the names and paths behind the report, on a court's order only; it never enters a bundle."""
        from sakshya.workbench import papers

        return papers.names_annexure(self, to, language, order)

    def certificate(self, form: str, to: Path, answers: Mapping[str, str] | None = None) -> Path:
        """Print a certificate and write that into the ledger."""
        from sakshya.workbench import papers

        return papers.certificate(self, form, to, answers or {})

    def bundle(self, to: Path, *, passphrase: str | None = None, language: str = "en") -> "BundleResult":
        """Seal everything that may leave into a bundle; signed with this person's key when its passphrase is given."""
        from sakshya.workbench import papers

        return papers.bundle(self, to, passphrase=passphrase, language=language)

    # The ledger

    def _act(self) -> deciding.Act:
        return deciding.Act(self.who, self.desk.clock(), self.desk.zone)

    def note(
        self, act: str, subject: str, public: Mapping[str, object], private: Mapping[str, object] | None = None
    ) -> None:
        """Write a line into the case's ledger."""
        self.case.ledger.append(
            act,
            subject,
            who=self.who,
            at=self.desk.clock(),
            zone=self.desk.zone,
            public=dict(public),  # type: ignore[arg-type]
            private=dict(private or {}),  # type: ignore[arg-type]
        )


def templates() -> dict[str, CaseTemplate]:
    """Return the case templates that ship with the program."""
    return load_templates(shipped.case_templates())


def _template_with(template_id: str, fields: Mapping[str, str]) -> CaseTemplate:
    """Return a template that has all these fields.

    Raises:
        OperatorFault: there is no such template, or it lacks a field.
    """
    template = templates().get(template_id)
    if template is None:
        raise OperatorFault("no such template", advice=f"choose one of {', '.join(sorted(templates()))}")
    known = {field.key for field in template.fields}
    unknown = sorted(set(fields) - known)
    if unknown:
        raise OperatorFault(
            f"{template.id} has no field {unknown[0]!r}", advice=f"its fields: {', '.join(sorted(known))}"
        )
    return template


def schemes() -> dict[str, Scheme]:
    """Return the category schemes that ship with the program, by id and by `id@version`."""
    return load_schemes([shipped.case_templates()])


def commit_set(planned: ImportPlan, desk: Desk) -> KnownSet:
    """Import a planned set into the desk's folder of known sets."""
    return commit(planned, SetFolder(desk.sets), at=iso_utc(desk.clock()))
