"""The program `krav`: every command, from every module that has some."""

from kravverk import cli, cli_acts
from kravverk.terminal import krav, main

__all__ = ["cli", "cli_acts", "krav", "main"]

if __name__ == "__main__":
    main()
