"""A webhook of AuxVault is believed only when its signature is, and is known again when it comes twice."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import time
from decimal import Decimal

import pytest
import standardwebhooks.webhooks

from reconcile.errors import ConfigError
from reconcile.post.connectors.auxvault_webhooks import Event, EventType, NotVerified, received
from reconcile.post.connectors.auxvault_wire import Standing
from reconcile.post.remote import Unclear
from tests.post import auxvault_examples as examples

# The specification's own example, as its libraries test it.
SPEC_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SPEC_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SPEC_AT = 1614265330
SPEC_BODY = b'{"test": 2432232314}'
SPEC_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER_SECRET = "whsec_" + base64.b64encode(b"another secret of thirty-two by.").decode()
AT = dt.datetime(2026, 1, 28, 14, tzinfo=dt.UTC)


def signature(body: bytes, secret: str = SPEC_SECRET, at: float | None = None, webhook_id: str = SPEC_ID) -> str:
    """Sign as the specification says, without its library."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{webhook_id}.{int(time.time() if at is None else at)}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(
    body: bytes, secret: str = SPEC_SECRET, at: float | None = None, webhook_id: str = SPEC_ID
) -> dict[str, str]:
    at = time.time() if at is None else at
    return {
        "Webhook-Id": webhook_id,
        "Webhook-Timestamp": str(int(at)),
        "Webhook-Signature": signature(body, secret, at, webhook_id),
    }


@pytest.fixture
def at_the_time_of_the_specification(monkeypatch):
    """Stop the verifying library's clock at the specification's example."""

    class Stopped(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(SPEC_AT, tz)

    monkeypatch.setattr(standardwebhooks.webhooks, "datetime", Stopped)


@pytest.mark.usefixtures("at_the_time_of_the_specification")
def test_the_specifications_own_example_is_verified():
    sound = {"webhook-id": SPEC_ID, "webhook-timestamp": str(SPEC_AT), "webhook-signature": SPEC_SIGNATURE}

    assert signature(SPEC_BODY, at=SPEC_AT) == SPEC_SIGNATURE
    with pytest.raises(Unclear, match="something unknown"):  # verified, and no event of ours
        received(SPEC_BODY, sound, [SPEC_SECRET])
    with pytest.raises(NotVerified):
        received(SPEC_BODY, sound | {"webhook-signature": SPEC_SIGNATURE.replace("OE=", "OA=")}, [SPEC_SECRET])


def test_a_payment_received_is_read():
    event = received(examples.PAYMENT_RECEIVED, headers(examples.PAYMENT_RECEIVED), [SPEC_SECRET])

    assert event == Event(
        webhook_id=SPEC_ID,
        is_repeat=False,
        event_type=EventType.PAYMENT_RECEIVED,
        invoice_id="inv_abc123",
        event_at=AT,
        payment_id="pmt_xyz789",
        amount=Decimal("250.00"),
        standing=Standing("partially_paid", remaining=Decimal("250.00")),
    )


def test_a_paid_invoice_is_read():
    event = received(examples.INVOICE_PAID, headers(examples.INVOICE_PAID), [SPEC_SECRET])

    assert event == Event(
        webhook_id=SPEC_ID,
        is_repeat=False,
        event_type=EventType.PAID,
        invoice_id="inv_abc123",
        event_at=AT + dt.timedelta(days=1),
        standing=Standing("paid", Decimal("500.00"), Decimal("500.00")),
    )


def test_a_failed_payment_is_read_with_its_reason():
    event = received(examples.PAYMENT_FAILED, headers(examples.PAYMENT_FAILED), [SPEC_SECRET])

    assert event == Event(
        webhook_id=SPEC_ID,
        is_repeat=False,
        event_type=EventType.PAYMENT_FAILED,
        invoice_id="inv_abc123",
        event_at=AT,
        payment_id="pmt_failed_123",
        amount=Decimal("500.00"),
        reason="Insufficient funds",
    )


def test_a_webhook_that_comes_again_is_known_by_its_id():
    body = examples.INVOICE_PAID
    later = headers(body, at=time.time() - 60)

    assert received(body, later, [SPEC_SECRET], known_ids={SPEC_ID}).is_repeat
    assert not received(body, later, [SPEC_SECRET], known_ids={"msg_other"}).is_repeat


def test_any_of_several_secrets_may_have_signed_while_they_are_changed():
    body = examples.INVOICE_PAID

    for secret in (SPEC_SECRET, OTHER_SECRET):
        assert received(body, headers(body, secret), [SPEC_SECRET, OTHER_SECRET]).invoice_id == "inv_abc123"
    with pytest.raises(NotVerified):
        received(body, headers(body, OTHER_SECRET), [SPEC_SECRET])


def test_any_of_several_signatures_may_be_the_right_one():
    body = examples.INVOICE_PAID
    sound = headers(body)
    wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
    several = " ".join([wrong, wrong.replace("v1", "v2"), sound["Webhook-Signature"], wrong])

    assert received(body, sound | {"Webhook-Signature": several}, [SPEC_SECRET]).webhook_id == SPEC_ID
    with pytest.raises(NotVerified):
        received(body, sound | {"Webhook-Signature": sound["Webhook-Signature"].replace("v1", "v2")}, [SPEC_SECRET])


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_webhook_of_another_time_is_not_believed(seconds):
    body = examples.INVOICE_PAID

    with pytest.raises(NotVerified, match="too"):
        received(body, headers(body, at=time.time() + seconds), [SPEC_SECRET])


@pytest.mark.parametrize("changed", ["Webhook-Id", "Webhook-Timestamp", "body"])
def test_nothing_that_is_signed_can_be_changed(changed):
    body = examples.INVOICE_PAID
    sound = headers(body)
    forged = {"Webhook-Id": "msg_other", "Webhook-Timestamp": str(int(time.time()) - 1)}
    if changed != "body":
        sound[changed] = forged[changed]

    with pytest.raises(NotVerified):
        received(body + b" " * (changed == "body"), sound, [SPEC_SECRET])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Webhook-Id", None),
        ("Webhook-Timestamp", None),
        ("Webhook-Signature", None),
        ("Webhook-Timestamp", "hello"),
        ("Webhook-Timestamp", "nan"),
        ("Webhook-Timestamp", "1e999"),
        ("Webhook-Signature", "v1"),
        ("Webhook-Signature", "v1,a,b"),
        ("Webhook-Signature", "v1,a"),
        ("Webhook-Signature", "v1,é"),
        ("Webhook-Signature", " "),
    ],
)
def test_headers_that_are_missing_or_none_are_not_believed(name, value):
    body = examples.INVOICE_PAID
    broken = {key: told for key, told in (headers(body) | {name: value}).items() if told is not None}

    with pytest.raises(NotVerified):
        received(body, broken, [SPEC_SECRET])


@pytest.mark.parametrize("body", [b"\xff", b"", b"<html>", b"[]", b'{"type": "invoice.paid"}', b'{"type": ["a"]}'])
def test_a_body_that_cannot_be_read_is_no_event(body):
    with pytest.raises(NotVerified if body == b"\xff" else Unclear):
        received(body, headers(body), [SPEC_SECRET])


@pytest.mark.parametrize(("word", "other"), [(b'"paid"', b'"settled"'), (b"2026-01-29T14:00:00Z", b"2026-01-29")])
def test_an_event_with_a_word_that_is_none_is_unclear(word, other):
    body = examples.INVOICE_PAID.replace(word, other)

    with pytest.raises(Unclear):
        received(body, headers(body), [SPEC_SECRET])


@pytest.mark.parametrize("secrets", [[], [""], ["whsec_"], ["whsec_é"]])
def test_without_a_secret_nothing_is_verified_and_it_is_not_shown(secrets):
    body = examples.INVOICE_PAID

    with pytest.raises(ConfigError) as error:
        received(body, headers(body), secrets)

    assert "whsec" not in str(error.value).replace("whsec_...", "")
