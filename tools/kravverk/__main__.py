"""The program `krav`: every command, from every module that has some."""

from kravverk import cli, cli_acts, cli_papers, cli_treat
from kravverk.terminal import krav, main

__all__ = ["cli", "cli_acts", "cli_papers", "cli_treat", "krav", "main"]

if __name__ == "__main__":
    main()
