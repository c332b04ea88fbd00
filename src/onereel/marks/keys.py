"""Who signs content credentials: the installation's own certificates, or a key held elsewhere.

- on first use a root and a leaf are made (P-256; the leaf may only sign, for emailProtection,
  the profile that C2PA 2.1 section 14.5 readers accept), so our own reader can trust our films
- the root's key signs leaves and nothing else; a leaf moved away is made anew under the same root
- a key in a hardware module or a service signs through `Signer.from_callback`, or from the
  command line through the `command` in `signing.json` beside the keys
- an RFC 3161 time stamp is asked for when `signing.json` or the callback names an authority

Called from `film`, which signs, and `verify`, which trusts what these keys signed.
"""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from onereel.errors import OnereelError, shown
from onereel.records.home import Home
from onereel.records.keys import key_pem, load_key, make_key_folder, read_key_file, replaced

ROOT_YEARS, LEAF_YEARS = 30, 10
COMMAND_SECONDS = 60


@dataclass(frozen=True)
class Signer:
    """A way to sign: ES256 (ECDSA on P-256 with SHA-256), and the certificates that go with it.

    sign: bytes -> 64 bytes r||s.  certificates: PEM, leaf first.  time_stamp_url: an RFC 3161
    authority to be asked over the network while signing, or None.
    """

    sign: Callable[[bytes], bytes]
    certificates: str
    time_stamp_url: str | None = None

    @classmethod
    def from_callback(
        cls,
        sign: Callable[[bytes], bytes],
        certificates: str,
        time_stamp_url: str | None = None,
    ) -> Signer:
        """A key held elsewhere. `sign` may answer in DER or as r||s.

        Raises OnereelError when the certificates are not PEM of a P-256 leaf.
        """
        try:
            leaf = x509.load_pem_x509_certificates(certificates.encode())[0]
        except (ValueError, IndexError) as error:
            raise OnereelError(
                "The certificates for signing are not PEM; give the leaf first, then its issuers."
            ) from error
        public = leaf.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
            raise OnereelError(
                "The certificate for signing is not for a P-256 key; ES256 needs one."
            )
        return cls(lambda data: raw_signature(sign(data)), certificates, time_stamp_url)


class SigningFile(BaseModel):
    """`signing.json` in the installation's folder; every field may be left out.

    command: program and arguments that read the bytes on standard input and answer with an ES256
    signature over them (DER or r||s).  certificates: its chain, a PEM file, leaf first.
    anchors: PEM file of roots to trust beside our own.  time_stamp_url: RFC 3161 authority.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: tuple[str, ...] = Field(default=(), max_length=50)
    certificates: Path | None = None
    anchors: Path | None = None
    time_stamp_url: str | None = Field(default=None, pattern="^https?://")


def load_signer(home: Home) -> Signer:
    """The signer that this installation is set up for; its keys are made on first use.

    Raises OnereelError when a key or `signing.json` is lost, unreadable, replaced or out of date.
    """
    told = read_signing_file(home)
    if told.command:
        if told.certificates is None:
            raise OnereelError(
                f"{shown(home.folder / 'signing.json')} names a command but no certificates; "
                "add the PEM file of its chain."
            )
        theirs = _read_text(home.folder / told.certificates)
        return Signer.from_callback(_run(told.command), theirs, told.time_stamp_url)
    key, certificate = _load_leaf(home)
    chain = (certificate + _load_root(home)[1]).decode()

    def sign(data: bytes) -> bytes:
        return raw_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))

    return Signer(sign, chain, told.time_stamp_url)


def trust_anchors(home: Home) -> str:
    """The roots that our reader trusts, PEM; empty before the first film. Makes nothing."""
    anchors = ""
    root = home.keys / "credentials-root" / "certificate.pem"
    if root.parent.is_dir():
        anchors += read_key_file(root).decode("ascii", "replace")
    told = read_signing_file(home)
    if told.anchors is not None:
        anchors += _read_text(home.folder / told.anchors)
    return anchors


def read_signing_file(home: Home) -> SigningFile:
    """`signing.json`, or its defaults where there is none."""
    path = home.folder / "signing.json"
    if not path.exists():
        return SigningFile()
    try:
        return SigningFile.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        why = str(error) if first is None else f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise OnereelError(
            f"{shown(path)} cannot be used ({shown(why.lstrip(': '))}); correct it."
        ) from error


def raw_signature(signature: bytes) -> bytes:
    """An ES256 signature as C2PA wants it: r||s, 32 bytes each (RFC 9053, section 2.1)."""
    if len(signature) == 64:
        return signature
    try:
        r, s = decode_dss_signature(signature)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    except (ValueError, OverflowError) as error:
        raise OnereelError("The signing key answered with something that is not ES256.") from error


# ---------------------------------------------------------------- our own root and leaf


def _load_root(home: Home) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    folder = home.keys / "credentials-root"
    if not folder.exists():
        if (home.keys / "credentials-leaf").exists():
            raise OnereelError(
                f"The key folder {shown(folder)} is lost; put it back from a backup, or move "
                f"{shown(home.keys / 'credentials-leaf')} away too and new keys are made."
            )
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"onereel root {secrets.token_hex(4)}")
        certificate = (
            _certificate(name, name, key.public_key(), key.public_key(), ROOT_YEARS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _make(folder, key, certificate)
    return _load_pair(folder)


def _load_leaf(home: Home) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    folder = home.keys / "credentials-leaf"
    root_key, root_pem = _load_root(home)
    root = x509.load_pem_x509_certificate(root_pem)
    if not folder.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"onereel {secrets.token_hex(4)}")
        certificate = (
            _certificate(name, root.subject, key.public_key(), root_key.public_key(), LEAF_YEARS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
            )
            .sign(root_key, hashes.SHA256())
        )
        _make(folder, key, certificate)
    key, pem = _load_pair(folder)
    leaf = x509.load_pem_x509_certificate(pem)
    try:
        leaf.verify_directly_issued_by(root)
    except Exception:  # ValueError, TypeError, InvalidSignature: each says it is another root's
        raise replaced(folder / "certificate.pem") from None
    if leaf.not_valid_after_utc < datetime.now(UTC):
        raise OnereelError(
            f"The certificate in {shown(folder)} ended on {leaf.not_valid_after_utc:%Y-%m-%d}; "
            "move that folder away and the next film makes a new one."
        )
    return key, pem


def _load_pair(folder: Path) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    key, pem = load_key(folder / "key.pem"), read_key_file(folder / "certificate.pem")
    try:
        public = x509.load_pem_x509_certificate(pem).public_key()
    except ValueError:
        raise OnereelError(
            f"The certificate {shown(folder / 'certificate.pem')} is damaged; put it back from a "
            f"backup, or move the folder {shown(folder)} away and new keys are made."
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != public:
        raise replaced(folder / "key.pem")
    return key, pem


def _make(folder: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    pem = certificate.public_bytes(Encoding.PEM)
    make_key_folder(folder, {"key.pem": key_pem(key), "certificate.pem": pem})


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "onereel"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer_public: ec.EllipticCurvePublicKey,
    years: int,
) -> x509.CertificateBuilder:
    # An hour back: readers refuse a signature from before the certificate, and clocks differ.
    start = datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public), critical=False
        )
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates,
        crl_sign=signs_certificates, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


# ---------------------------------------------------------------- a key held elsewhere


def _run(command: tuple[str, ...]) -> Callable[[bytes], bytes]:
    def sign(data: bytes) -> bytes:
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=COMMAND_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise OnereelError(
                f"The signing command {shown(command[0])} failed ({shown(error)}); "
                "check it and write the film again."
            ) from error
        return done.stdout

    return sign


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise OnereelError(
            f"The certificates {shown(path)} cannot be read ({shown(error)}); correct signing.json."
        ) from error
