"""`sakshya case`: new, show, people, passphrase."""

import argparse
from pathlib import Path

from sakshya.casefile.driver import Mode
from sakshya.cli import options
from sakshya.cli.output import print_json
from sakshya.domain.faults import OperatorFault
from sakshya.domain.person import Role
from sakshya.workbench import Workbench
from sakshya.workbench.bench import templates


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("case", help="create a case, show it, keep its people")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    new = actions.add_parser("new", help="create a case from a template")
    options.add_case(new)
    new.add_argument("--template", required=True, metavar="ID", help=", ".join(sorted(templates())))
    new.add_argument("--field", action="append", default=[], metavar="KEY=VALUE", help="a field of the template")
    new.add_argument("--unencrypted", action="store_true", help="leave the case file unencrypted; needs --reason")
    new.add_argument("--reason", metavar="TEXT", help="why the case is not encrypted; printed in the report")
    options.add_by(new)
    new.set_defaults(run=_new)

    show = actions.add_parser("show", help="the case's fields and exhibits")
    options.add_case(show)
    options.add_jsonl(show)
    show.set_defaults(run=_show)

    changed = actions.add_parser("passphrase", help="change an encrypted case's passphrase")
    options.add_case(changed)
    changed.add_argument("--new-passphrase-file", type=Path, metavar="FILE", required=True)
    options.add_by(changed)
    changed.set_defaults(run=_change_passphrase)

    _add_people(actions)


def _add_people(actions: options.Commands) -> None:
    people = actions.add_parser("people", help="who acts in the case")
    roster = people.add_subparsers(dest="people_action", metavar="ACTION", required=True)
    listed = roster.add_parser("list", help="the roster")
    options.add_case(listed)
    options.add_jsonl(listed)
    listed.set_defaults(run=_people)
    added = roster.add_parser("add", help="put a person on the roster, or give one a signing key with a key passphrase")
    options.add_case(added)
    added.add_argument("--name", required=True)
    added.add_argument("--role", required=True, choices=[role.value for role in Role])
    added.add_argument("--designation", default="")
    added.add_argument("--key-passphrase-file", type=Path, metavar="FILE", help="protects the person's signing key")
    options.add_by(added)
    added.set_defaults(run=_add_person)


def _new(args: argparse.Namespace) -> int:
    head = {"template": args.template, **dict(map(options.key_value, args.field))}
    if args.unencrypted and not args.reason:
        raise OperatorFault("an unencrypted case needs its reason", advice="give --reason TEXT")
    if args.unencrypted and args.passphrase_file:
        raise OperatorFault("--unencrypted and --passphrase-file exclude each other")
    # Without a passphrase and without a terminal to ask at, the workbench says what is missing.
    asks = not args.unencrypted and (args.passphrase_file is not None or options.at_terminal())
    secret = options.passphrase_of(args, needed=True, confirm=True) if asks else None
    with Workbench.new_case(
        args.case,
        head,
        desk=options.desk_of(args),
        by=args.by,
        passphrase=secret,
        unencrypted_reason=args.reason if args.unencrypted else None,
    ) as bench:
        missing = bench.template.missing(bench.case.head.fields)
        print(f"case created in {args.case}")
        if missing:
            print("not filled in yet, and printed as not recorded: " + ", ".join(field.title for field in missing))
    return 0


def _show(args: argparse.Namespace) -> int:
    with options.open_case(args, mode=Mode.READ) as bench:
        head = bench.case.head
        if args.jsonl:
            print_json(
                {
                    "template": head.template,
                    "fields": dict(head.fields),
                    "created_at": head.created_at,
                    "zone": head.zone,
                    "encrypted": head.encrypted,
                    "exhibits": [exhibit.number for exhibit in bench.case.exhibits.all()],
                }
            )
            return 0
        print(f"template: {head.template}\ncreated: {head.created_at}\nencrypted: {'yes' if head.encrypted else 'no'}")
        for field in bench.template.fields:
            print(f"{field.title}: {head.fields.get(field.key) or 'not recorded'}")
        for exhibit in bench.case.exhibits.all():
            print(f"exhibit {exhibit.number}: {exhibit.files[0]}")
    return 0


def _change_passphrase(args: argparse.Namespace) -> int:
    old = options.passphrase_of(args, needed=True)
    with Workbench.open(args.case, desk=options.desk_of(args), by=args.by, passphrase=old) as bench:
        bench.change_passphrase(old or "", options.read_passphrase(args.new_passphrase_file))
    print("the case opens with the new passphrase")
    return 0


def _people(args: argparse.Namespace) -> int:
    with options.open_case(args, mode=Mode.READ) as bench:
        for person in bench.case.people.all():
            row = {
                "name": person.name,
                "role": person.role.value,
                "designation": person.designation,
                "public_key": person.public_key,
                "added_at": person.added_at,
            }
            if args.jsonl:
                print_json(row)
            else:
                key = f"signs with {person.public_key[:16]}…" if person.public_key else "no signing key"
                print(f"{person.name}  {person.role.value}  {person.designation}  {key}")
    return 0


def _add_person(args: argparse.Namespace) -> int:
    key_secret = options.read_passphrase(args.key_passphrase_file) if args.key_passphrase_file else None
    with options.open_case(args) as bench:
        person = bench.add_person(args.name, Role(args.role), args.designation, passphrase=key_secret)
        print(f"{person.name} is on the roster as {person.role.value}")
    return 0
