"""A result of ln.customs reaches hl.border, which asks what it need not inspect again.

    python exchange.py [reference] [NATS URL] [credentials directory]

MESH_NATS_URL and MESH_CREDS stand in for the last two.
"""

import asyncio
import json
import os
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import nats
import nats.errors
from nats.errors import NoRespondersError, TimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy


def argument(index, default):
    return sys.argv[index] if len(sys.argv) > index else default


REFERENCE = argument(1, f"EXAMPLE-PY-{time.time_ns()}")
URL = argument(2, os.environ.get("MESH_NATS_URL", "nats://127.0.0.1:14222"))
CREDS = Path(argument(3, os.environ.get("MESH_CREDS", ".mesh/creds")))
EXAMINATION = Path(__file__).parent.parent / "customs-examination.json"


# region connect
async def connect_backend(unit):
    creds = CREDS / unit / "backend.creds"
    if not creds.is_file():
        raise FileNotFoundError(f"there are no credentials at {creds}")
    connecting = nats.connect(
        URL,
        user_credentials=str(creds),
        inbox_prefix="_INBOX_backend",  # the credentials allow no other
        name=f"{unit} example",
        max_reconnect_attempts=-1,  # a backend outlives a restart of the broker
    )
    try:
        return await asyncio.wait_for(connecting, 15)  # nats-py would try for the first connection for ever too
    except asyncio.TimeoutError:
        raise ConnectionError(f"no connection to {URL} as {unit}") from None
# endregion connect


# region request
class Refusal(Exception):
    """A refused request: the problem document (RFC 9457) and its status."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem['code']}: {problem['detail']}")
        self.status, self.problem = status, problem


async def request(backend, subject, body):
    """Sends one request and returns the reply's JSON. Repeats what may be repeated; raises a Refusal for the rest."""
    for attempt in range(1, 6):
        wait = 2
        try:
            reply = await backend.request(subject, json.dumps(body).encode(), timeout=10)
            headers = reply.headers or {}
            if "Nats-Service-Error-Code" not in headers:
                return json.loads(reply.data)
            refusal = Refusal(int(headers["Nats-Service-Error-Code"]), json.loads(reply.data))
            if "Retry-After" not in headers or attempt == 5:  # seconds; only 429 and 503 have it
                raise refusal
            wait = int(headers["Retry-After"])
        except (NoRespondersError, TimeoutError):
            # Nobody listens, or the reply did not come: the same request again is safe.
            if attempt == 5:
                raise
        await asyncio.sleep(wait)
# endregion request


def expect(condition, what):
    if not condition:
        sys.exit(f"not as expected: {what}")


def examination(reference):
    """The examination that all examples submit, performed an hour ago."""
    now = datetime.now(timezone.utc)
    content = json.loads(EXAMINATION.read_text("utf-8"))
    content["reference"] = reference
    content["checks"][0]["performedAt"] = (now - timedelta(hours=1)).isoformat(timespec="milliseconds")
    content["validUntil"] = (now + timedelta(days=30)).isoformat(timespec="milliseconds")
    return content


async def submit(customs, content):
    receipt = await request(customs, "results.submit", content)
    print("submitted", receipt["resultId"], "version", receipt["version"], receipt["status"], receipt["digest"])
    again = await request(customs, "results.submit", content)
    expect(again["resultId"] == receipt["resultId"], "the same reference with the same content is the same result")
    return receipt["resultId"]


# region receive
async def open_events(border):
    """A durable pull consumer on EVENTS: its position is kept on the server under this name."""
    config = ConsumerConfig(ack_policy=AckPolicy.EXPLICIT, deliver_policy=DeliverPolicy.ALL)
    return await border.jetstream().pull_subscribe(
        "events.result.received", durable="example-python", stream="EVENTS", config=config
    )


async def receive(events, result_id):
    """Acknowledges each event after it was handled, so that none is lost."""
    seen = set()  # in a real backend: a unique column beside what the event changed
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            messages = await events.fetch(100, timeout=5)
        except TimeoutError:
            continue  # nothing new
        view = None
        for message in messages:
            if message.headers["ce-id"] not in seen and message.headers["ce-subject"] == result_id:
                view = show_event(message)
            seen.add(message.headers["ce-id"])
            await message.ack()
        if view:
            return view
    sys.exit("not as expected: no event about the result within 60 s")


def show_event(message):
    view = json.loads(message.data)
    print("received", view["resultId"], "from", view["issuer"])
    for name in ("ce-id", "ce-type", "ce-source", "ce-time", "Nats-Msg-Id", "traceparent"):
        print(f"  {name}: {message.headers[name]}")
    print("  content:", json.dumps(view["content"], ensure_ascii=False))
    for item in view["withheld"]:
        print(f"  withheld: {item['path']} by {item['entry']} ({item['access']}) {item['legalBasis']}")
    return view
# endregion receive


async def show_refusal(customs, content):
    content = {**content, "reference": f"{content['reference']}-bad", "remark": "no such member"}
    content["containers"] = [{"number": "CSQU3054384"}]  # the check digit is 3
    try:
        await request(customs, "results.submit", content)
    except Refusal as refusal:
        print("refused", refusal.status, refusal.problem["code"])
        for error in refusal.problem["errors"]:
            print(f"  {error['pointer']} {error['code']}: {error['message']['zh']} / {error['message']['en']}")
        expect(refusal.status == 400, "a wrong check digit is refused with 400")
    else:
        sys.exit("not as expected: a wrong check digit was accepted")


async def ask_recognition(border):
    request_body = {
        "reference": f"{REFERENCE}-hl",
        "location": "CNHRB",
        "checks": ["x-ray", "quarantine"],
        "consignment": {"containers": ["CSQU3054383"], "declarationNumber": "090220261000000123", "items": [1]},
        "sealsObserved": [{"container": "CSQU3054383", "number": "H1234567", "condition": "intact"}],
    }
    recognition = await request(border, "recognitions.request", request_body)
    print("recognition", recognition["recognitionId"], recognition["outcome"])
    for check in recognition["checks"]:
        by = [f"{result['resultId']} of {result['issuer']}" for result in check.get("by", [])]
        reasons = [f"{reason['code']} ({reason['message']['en']})" for reason in check.get("reasons", [])]
        print(f"  {check['type']}: {check['decision']}", ", ".join(by or reasons))
    expect(recognition["checks"][0]["decision"] == "recognised", "the x-ray is recognised")


async def main():
    customs = await connect_backend("ln.customs")
    border = await connect_backend("hl.border")
    try:
        events = await open_events(border)
        content = examination(REFERENCE)
        result_id = await submit(customs, content)
        view = await receive(events, result_id)
        withheld = [item["path"] for item in view["withheld"]]
        expect("/goods/0/value" in withheld, "the value of goods is withheld from border units")
        expect("value" not in view["content"]["goods"][0], "what is withheld is not there")
        await show_refusal(customs, content)
        await ask_recognition(border)
    finally:
        await customs.drain()
        await border.drain()


try:
    asyncio.run(main())
except (OSError, nats.errors.Error, Refusal) as error:
    sys.exit(f"failed: {error}")
