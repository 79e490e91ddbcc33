"""The edge to ssh-keygen: signing a treatment, and checking a signature against a public key."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from kravverk.store import Stopped

NAMESPACE = "kravverk"
_NOBODY = "rolle"  # the principal; which role a key belongs to is read from the body's file


def sign(text: str, key: Path) -> str:
    """The signature of a text by a private key. Stopped with ssh-keygen's words if it fails."""
    done = _run(["-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE], text)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["ukjent årsak"])[-1]
        raise Stopped(f"Kunne ikke signere: {said}.", "Sjekk stien til nøkkelen, og prøv igjen.")
    return done.stdout


def verified(text: str, signature: str, public_key: str) -> bool:
    """Whether a signature is over just this text, by just this key."""
    with tempfile.TemporaryDirectory(prefix="krav-") as scratch:
        allowed, given = Path(scratch, "allowed"), Path(scratch, "signatur")
        allowed.write_text(f'{_NOBODY} namespaces="{NAMESPACE}" {public_key}\n')
        given.write_text(signature.strip() + "\n")
        args = ["-Y", "verify", "-f", str(allowed), "-I", _NOBODY, "-n", NAMESPACE]
        return _run([*args, "-s", str(given)], text).returncode == 0


def _run(args: list[str], text: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["ssh-keygen", *args], input=text, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Stopped(
            "Fant ikke programmet ssh-keygen, som sjekker signaturer.", "Installer OpenSSH."
        ) from None
