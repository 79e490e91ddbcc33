"""`python -m kravverk` is `krav`."""

from kravverk.cli import main

main()
