"""`sakshya decide`."""

import argparse

from sakshya.cli import options
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import ItemId
from sakshya.workbench import Workbench


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("decide", help="put items into a category, or take the last decision back")
    options.add_case(parser)
    parser.add_argument("items", nargs="*", metavar="ITEM", help="an item's number or SHA-256")
    parser.add_argument("--category", metavar="SCHEME:CODE", help="or a bare CODE of the case's own scheme")
    parser.add_argument("--reason", default="", metavar="TEXT")
    parser.add_argument("--undo", action="store_true", help="take this person's last decision back")
    parser.add_argument("--by", required=True, metavar="EXAMINER", help="who decides")
    parser.set_defaults(run=_decide, last_words="items")


def _decide(args: argparse.Namespace) -> int:
    with options.open_case(args) as bench:
        if args.undo:
            taken = bench.undo()
            print(f"{len(taken)} item(s) taken back" if taken else "there is no decision to take back")
            return 0
        if not args.items or not args.category:
            raise OperatorFault(
                "a decision needs items and a category", advice="sakshya decide CASE ITEM… --category SCHEME:CODE"
            )
        category = bench.category(args.category)
        items = [_item(bench, text) for text in args.items]
        bench.decide(items, category, args.reason)
        print(f"{len(items)} item(s) decided: {category}")
    return 0


def _item(bench: Workbench, text: str) -> ItemId:
    return bench.case.items.get(ItemId(int(text)) if text.isdigit() and len(text) < 64 else text.lower()).id
