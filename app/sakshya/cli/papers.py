"""`sakshya report`, `sakshya certificate`, `sakshya bundle`."""

import argparse
from pathlib import Path

from sakshya.casefile.driver import Mode
from sakshya.cli import options
from sakshya.cli.output import print_json
from sakshya.domain.faults import OperatorFault
from sakshya.report.explaining import explain
from sakshya.report.templates import Form
from sakshya.report.texts import LANGUAGES


def add_to(commands: options.Commands) -> None:
    """Add the commands."""
    report = commands.add_parser("report", help="print the image-free report; report explain CASE NUMBER")
    report.add_argument("words", nargs="+", metavar="CASE", help="CASE, or: explain CASE NUMBER")
    options.add_passphrase(report)
    report.add_argument("--to", type=Path, metavar="DIR")
    report.add_argument("--language", choices=LANGUAGES, default="en")
    report.add_argument("--names-on-order", metavar="ORDER", help="print names and paths too, apart, on this order")
    options.add_by(report)
    report.set_defaults(run=_report, last_words="words")

    certificate = commands.add_parser("certificate", help="print a certificate for a person to read and sign")
    options.add_case(certificate)
    certificate.add_argument("--form", required=True, choices=[form.value for form in Form])
    certificate.add_argument("--to", required=True, type=Path, metavar="FILE")
    certificate.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="KEY=TEXT",
        help="expert (whose own computation Part B states), manner (of production), workstation",
    )
    options.add_by(certificate)
    certificate.set_defaults(run=_certificate)

    bundle = commands.add_parser("bundle", help="seal report, certificates, findings and ledger")
    options.add_case(bundle)
    bundle.add_argument("--to", required=True, type=Path, metavar="DIR")
    bundle.add_argument("--language", choices=LANGUAGES, default="en")
    bundle.add_argument("--key-passphrase-file", type=Path, metavar="FILE", help="opens the signing key of --by")
    options.add_by(bundle)
    bundle.set_defaults(run=_bundle)


def _report(args: argparse.Namespace) -> int:
    if args.words[0] == "explain":
        if len(args.words) != 3:
            raise OperatorFault("explain needs a case and a number", advice="sakshya report explain CASE NUMBER")
        args.case = Path(args.words[1])
        with options.open_case(args, mode=Mode.READ) as bench:
            print("\n".join(explain(bench.case, args.words[2]).lines()))
        return 0
    if len(args.words) != 1 or args.to is None:
        raise OperatorFault("a report needs one case and a folder", advice="sakshya report CASE --to DIR")
    args.case = Path(args.words[0])
    with options.open_case(args) as bench:
        for file in bench.report(args.to, args.language):
            print(file)
        if args.names_on_order is not None:
            print(bench.names_annexure(args.to, args.names_on_order, args.language))
    return 0


def _certificate(args: argparse.Namespace) -> int:
    with options.open_case(args) as bench:
        print(bench.certificate(args.form, args.to, dict(map(options.key_value, args.answer))))
    return 0


def _bundle(args: argparse.Namespace) -> int:
    secret = options.read_passphrase(args.key_passphrase_file) if args.key_passphrase_file else None
    with options.open_case(args) as bench:
        result = bench.bundle(args.to, passphrase=secret, language=args.language)
        print_json({"bundle": str(result.folder), "manifest_sha256": result.manifest_sha256, "files": result.files})
    return 0
