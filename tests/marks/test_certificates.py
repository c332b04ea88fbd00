"""Certificates: made once, private, and told about clearly when something is wrong with them."""

import json
import stat
import subprocess
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from onereel.errors import OnereelError
from onereel.marks import keys
from onereel.marks.film import write_film
from onereel.marks.keys import Signer, load_signer, raw_signature, trust_anchors
from onereel.marks.verify import verify
from onereel.records.home import Home
from onereel.records.keys import key_pem


def test_profile(home):
    leaf, root = x509.load_pem_x509_certificates(load_signer(home).certificates.encode())
    leaf.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical and usage.value.digital_signature and not usage.value.key_cert_sign
    extended = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(extended) == [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert trust_anchors(home).encode() in load_signer(home).certificates.encode()


def test_made_once_and_private(home):
    first = load_signer(home).certificates
    assert load_signer(home).certificates == first
    for path in [home.folder, *home.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_reading_makes_nothing(home):
    assert trust_anchors(home) == ""
    assert not home.folder.exists()


@pytest.mark.parametrize("folder", ["credentials-root", "credentials-leaf"])
@pytest.mark.parametrize("name", ["key.pem", "certificate.pem"])
def test_lost_file(home, folder, name):
    load_signer(home)
    (home.keys / folder / name).unlink()
    with pytest.raises(OnereelError, match=f"{folder}/{name} is lost; put it back"):
        load_signer(home)


def test_lost_root(home):
    load_signer(home)
    (home.keys / "credentials-root").rename(home.folder / "gone")
    with pytest.raises(OnereelError, match="credentials-root is lost"):
        load_signer(home)


def test_a_leaf_moved_away_is_made_anew_under_the_same_root(home):
    old = load_signer(home).certificates
    (home.keys / "credentials-leaf").rename(home.folder / "old")
    new = load_signer(home).certificates
    assert new != old and new.split("-----END")[1] == old.split("-----END")[1]


@pytest.mark.parametrize("name", ["credentials-root", "credentials-leaf"])
def test_replaced(home, tmp_path, name):
    other = Home(tmp_path / "other")
    load_signer(home), load_signer(other)
    theirs = other.keys / name
    theirs.rename(home.keys / "theirs")
    (home.keys / name).rename(tmp_path / "ours")
    (home.keys / "theirs").rename(home.keys / name)
    with pytest.raises(OnereelError, match="was replaced"):
        load_signer(home)


def test_key_of_another(home, tmp_path):
    other = Home(tmp_path / "other")
    load_signer(home), load_signer(other)
    key = other.keys / "credentials-leaf" / "key.pem"
    (home.keys / "credentials-leaf" / "key.pem").write_bytes(key.read_bytes())
    with pytest.raises(OnereelError, match="was replaced"):
        load_signer(home)


# ---------------------------------------------------------------- signing.json

COMMAND = """
import sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = serialization.load_pem_private_key(open(sys.argv[1], "rb").read(), None)
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), ec.ECDSA(hashes.SHA256())))
"""


def test_a_command_signs(home, tmp_path, clip):
    elsewhere = Home(tmp_path / "module")
    chain = load_signer(elsewhere).certificates
    (home.folder).mkdir()
    (home.folder / "chain.pem").write_text(chain)
    (home.folder / "anchors.pem").write_text(trust_anchors(elsewhere))
    (home.folder / "sign.py").write_text(COMMAND)
    key = elsewhere.keys / "credentials-leaf" / "key.pem"
    told = {
        "command": [sys.executable, str(home.folder / "sign.py"), str(key)],
        "certificates": "chain.pem",
        "anchors": "anchors.pem",
    }
    (home.folder / "signing.json").write_text(json.dumps(told))
    path = write_film(tmp_path / "a.mp4", clip, home=home)
    assert verify(path, home=home).credentials.state == "trusted"
    assert not (home.keys / "credentials-leaf").exists()
    key.unlink()
    with pytest.raises(OnereelError, match=r"signing command .* failed"):
        write_film(tmp_path / "b.mp4", clip, home=home)
    assert not (tmp_path / "b.mp4").exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("{", "cannot be used"),
        ('{"mark": false}', "mark: Extra inputs"),
        ('{"time_stamp_url": "file:///etc/passwd"}', "time_stamp_url"),
        ('{"command": ["sign"]}', "names a command but no certificates"),
        ('{"command": ["sign"], "certificates": "no.pem"}', "cannot be read"),
    ],
)
def test_bad_signing_file(home, told, said):
    home.folder.mkdir()
    (home.folder / "signing.json").write_text(told)
    with pytest.raises(OnereelError, match=said):
        load_signer(home)


def test_bad_callback():
    with pytest.raises(OnereelError, match="not PEM"):
        Signer.from_callback(lambda data: data, "nonsense")
    with pytest.raises(OnereelError, match="not ES256"):
        raw_signature(b"nonsense")
    key = ec.generate_private_key(ec.SECP256R1())
    assert len(raw_signature(key.sign(b"x", ec.ECDSA(hashes.SHA256())))) == 64


def make_clock_certificates(folder):
    """tsa.key, and tsa.pem under a root of its own, as RFC 3161 section 2.3 wants them."""
    root, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    names = [keys._name(f"clock {i}") for i in range(2)]
    authority = (
        keys._certificate(names[0], names[0], root.public_key(), root.public_key(), 1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(keys._usage(signs_certificates=True), critical=True)
        .sign(root, hashes.SHA256())
    )
    clock = (
        keys._certificate(names[1], names[0], key.public_key(), root.public_key(), 1)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(keys._usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root, hashes.SHA256())
    )
    (folder / "tsa.key").write_bytes(key_pem(key))
    (folder / "tsa.pem").write_bytes(clock.public_bytes(Encoding.PEM))
    (folder / "root.pem").write_bytes(authority.public_bytes(Encoding.PEM))


def test_time_stamp(home, tmp_path, clip):
    """An RFC 3161 authority on loopback; its stamp's time is read back."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    conf = tmp_path / "tsa.cnf"
    conf.write_text(
        f"[tsa]\nserial={tmp_path}/serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\n"
        "digests=sha256,sha384,sha512\n"
    )
    (tmp_path / "serial").write_text("01\n")
    try:
        subprocess.run(["openssl", "version"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    make_clock_certificates(tmp_path)

    class Clock(BaseHTTPRequestHandler):
        def do_POST(self):
            (tmp_path / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            subprocess.run(
                ["openssl", "ts", "-reply", "-config", conf, "-section", "tsa", "-queryfile",
                 tmp_path / "query", "-signer", tmp_path / "tsa.pem", "-inkey",
                 tmp_path / "tsa.key", "-chain", tmp_path / "root.pem", "-out", tmp_path / "reply"],
                check=True, capture_output=True,
            )  # fmt: skip
            reply = (tmp_path / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *said):
            pass

    server = HTTPServer(("127.0.0.1", 0), Clock)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home.folder.mkdir()
    told = {"time_stamp_url": f"http://127.0.0.1:{server.server_port}"}
    (home.folder / "signing.json").write_text(json.dumps(told))
    try:
        path = write_film(tmp_path / "a.mp4", clip, home=home)
    finally:
        server.shutdown()
        server.server_close()
    assert verify(path, home=home).credentials.time
    with pytest.raises(OnereelError, match="Could not sign"):
        write_film(tmp_path / "b.mp4", clip, home=home)  # the clock is gone
    assert not (tmp_path / "b.mp4").exists()
