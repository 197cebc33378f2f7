"""`python -m tests.campaigns.guided_target HOW SUFFIX OPTION… CORPUS`: what atheris runs, in a process of its own."""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sakshya.evidence", "sakshya.media"]):
    from sakshya.domain.faults import EvidenceFault, OperatorFault
    from tests.campaigns.readers import READ


def main() -> None:
    """Run until the options say stop; any exception but our faults ends the process with an error."""
    how, suffix, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="sakshya-guided-") as folder:
        file = Path(folder) / f"case{suffix}"

        def one_input(content: bytes) -> None:
            if not content:
                return
            if how == "exhibit":
                file.write_bytes(content)
            try:
                READ[how](file, content)
            except (EvidenceFault, OperatorFault):
                return

        atheris.Setup([sys.argv[0], *options], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
