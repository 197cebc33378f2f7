"""`sakshya items` and `sakshya unexamined`."""

import argparse

from sakshya.casefile.driver import Mode
from sakshya.casefile.item_filter import parse_filter
from sakshya.cli import options
from sakshya.cli.output import print_json
from sakshya.workbench.rows import item_row, unexamined_row


def add_to(commands: options.Commands) -> None:
    """Add the commands."""
    items = commands.add_parser("items", help="one line for each distinct content")
    options.add_case(items)
    items.add_argument(
        "--where", default="", metavar="FILTER", help="field=value[,…], such as status=undecided kind=picture"
    )
    options.add_jsonl(items)
    items.set_defaults(run=_items)

    unexamined = commands.add_parser("unexamined", help="one line for each thing not read, with its reason")
    options.add_case(unexamined)
    options.add_jsonl(unexamined)
    unexamined.set_defaults(run=_unexamined)


def _items(args: argparse.Namespace) -> int:
    wanted = parse_filter(args.where)
    with options.open_case(args, mode=Mode.READ) as bench:
        for item in bench.case.items.find(wanted):
            row = item_row(item)
            if args.jsonl:
                print_json(row)
            else:
                place = str(item.where[0].locator) if item.where else ""
                print(f"{item.id:>7}  {item.status.value:10}  {item.kind.value:8}  {item.size:>12,}  {place}")
    return 0


def _unexamined(args: argparse.Namespace) -> int:
    with options.open_case(args, mode=Mode.READ) as bench:
        for line in bench.case.unexamined.all():
            row = unexamined_row(line)
            if args.jsonl:
                print_json(row)
            else:
                print(f"{row['of']}  {row['reason']}  {row['locator'] or row['exhibit']}  {row['detail']}")
    return 0
