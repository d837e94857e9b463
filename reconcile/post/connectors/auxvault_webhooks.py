"""Read AuxVault's webhooks, once their signature is verified.

The document names no scheme, so it is Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, at most five minutes
old or early. Its public pages show a header `x-auxvault-signature` and not how it is made: that one is not believed.
Several secrets may be in force while they are changed. A webhook may come more than once, by mistake or by malice: its
id tells. Must not: act. What it says is a reason to look at the history, never a proof of money.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError

from reconcile.errors import ConfigError
from reconcile.post.answers import a_text, an_amount, as_table
from reconcile.post.connectors.auxvault_wire import Standing, an_instant, plain, standing_of
from reconcile.post.remote import Answer, Unclear


class NotVerified(Exception):  # noqa: N818 - a state, not a mistake
    """Say that a webhook is not surely the system's; nothing in it may be believed."""


class EventType(StrEnum):
    """What the system tells of."""

    PAYMENT_RECEIVED = "invoice.payment_received"
    PAID = "invoice.paid"
    PAYMENT_FAILED = "invoice.payment_failed"


@dataclass(frozen=True)
class Event:
    """What a webhook tells. What it does not tell is None, or '' for texts.

    event_at: when it was paid, or the payment attempted, in UTC.
    is_repeat: whether this webhook was known already.
    reason: why a payment failed.
    """

    webhook_id: str
    is_repeat: bool
    event_type: EventType
    invoice_id: str
    event_at: dt.datetime
    payment_id: str = ""
    amount: Decimal | None = None
    standing: Standing | None = None
    reason: str = ""


def received(body: bytes, headers: Mapping[str, str], secrets: Sequence[str], known_ids: Collection[str] = ()) -> Event:
    """Verify a webhook and read it.

    Args:
        body: as it came, to the byte.
        headers: `webhook-id`, `webhook-timestamp` and `webhook-signature`, in any case.
        secrets: those in force, each as the system shows it (`whsec_...`).
        known_ids: of webhooks that were read before.

    Raises:
        NotVerified: it is forged, too old, too new, or its headers are missing or unreadable.
        Unclear: it is verified, and cannot be read.
        ConfigError: there is no secret, or one that is none.
    """
    _verify(body, headers, secrets)
    webhook_id = next(value for name, value in headers.items() if name.lower() == "webhook-id")
    told = as_table(Answer(body).json())
    event_type = told.get("type")
    if event_type not in tuple(EventType):
        message = f"a webhook tells of something unknown: {plain(event_type)[:40]!r}"
        raise Unclear(message)
    data = as_table(told, "data")
    return _event(webhook_id, webhook_id in known_ids, EventType(str(event_type)), data)


def _event(webhook_id: str, is_repeat: bool, event_type: EventType, row: Mapping[str, Any]) -> Event:
    has_failed = event_type is EventType.PAYMENT_FAILED
    is_payment = event_type is not EventType.PAID
    return Event(
        webhook_id=webhook_id,
        is_repeat=is_repeat,
        event_type=event_type,
        invoice_id=a_text(row, "invoiceId"),
        event_at=an_instant(row, "attemptedAt" if has_failed else "paidAt"),
        payment_id=a_text(row, "paymentId") if is_payment else "",
        amount=an_amount(row, "amount") if is_payment else None,
        standing=None if has_failed else standing_of(row),
        reason=plain(row.get("declineReason")),
    )


def _verify(body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> None:
    if not secrets:
        raise ConfigError("no secret of auxvault's webhooks is set: none can be verified")
    refusal = ""
    for verifier in [_verifier(secret) for secret in secrets]:
        try:
            verifier.verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            # A header that is no base64, or has no version, is a ValueError there.
            refusal = str(error) if isinstance(error, WebhookVerificationError) else "its headers cannot be read"
        else:
            return
    message = f"a webhook is not verified: {refusal}"
    raise NotVerified(message)


def _verifier(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except (EmptyWebhookSecretError, ValueError):
        raise ConfigError("a secret of auxvault's webhooks is none: it is base64, as the system shows it") from None
