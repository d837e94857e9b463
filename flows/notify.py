"""Send messages to the people that the settings name, by mail, chat or whatever apprise knows. Never in a run's way."""

from __future__ import annotations

import os
from typing import Any

from reconcile.unattended import Notify


def send(notify: Notify, title: str, sentences: list[str], log: Any) -> None:
    """Send one message; what cannot be sent is logged, and nothing else comes of it.

    Args:
        notify: who is told; the addresses come from the environment, since they hold passwords.
        title: what it is about.
        sentences: what is told, a line each.
        log: where it is said that a message could not be sent.
    """
    if not notify.urls_env or not sentences:
        return
    urls = os.environ.get(notify.urls_env, "").split()
    if not urls:
        log.warning("nobody is told: the environment variable %s is empty or not set", notify.urls_env)
        return
    import apprise

    for number, url in enumerate(urls, start=1):
        try:
            teller = apprise.Apprise()
            is_sent = teller.add(url) and teller.notify(title=title, body="\n".join(sentences))
        except Exception as error:  # noqa: BLE001 - whatever a message meets, the night is done and must end well
            log.warning("address %d of %s: the message failed: %s", number, notify.urls_env, type(error).__name__)
            continue
        if not is_sent:
            log.warning("address %d of %s: the message could not be sent", number, notify.urls_env)
