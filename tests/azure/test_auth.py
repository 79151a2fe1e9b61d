"""Tokens are fetched once for all who wait, renewed in time and once after a refusal, and never
show."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from amltui.azure import identity
from amltui.azure.auth import EARLY, TokenAuth
from amltui.azure.clouds import AZURE
from amltui.azure.errors import AzureError, NotAllowed, NotSignedIn, Unreachable
from tests.azure import answers
from tests.azure.answers import NOW, Credential, Reply, Token
from tests.waiting import wait_until

SCOPE = "https://management.azure.com/.default"
CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}'


def challenge(claims: str = CLAIMS, error: str = "insufficient_claims") -> Reply:
    written = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
    return Reply(
        401,
        {"error": {"code": "InvalidAuthenticationToken", "message": "Continuous access."}},
        {
            "WWW-Authenticate": 'Bearer authorization_uri="https://login.windows.net/t",'
            f' error="{error}", claims="{written}"'
        },
    )


async def test_one_token_for_many_requests_at_once(rig):
    rig.service.on("GET", "/computes", Reply(200, {}))
    await asyncio.gather(*(rig.place.get("/computes") for _ in range(30)))
    assert set(rig.service.bearers) == {"Bearer token-1"}
    assert rig.credential.asked == [((SCOPE,), {"enable_cae": True})]


async def test_the_tenant_is_passed_on():
    rig = answers.rig(tenant="t-1")
    rig.service.on("GET", "/computes", Reply(200, {}))
    await rig.place.get("/computes")
    assert rig.credential.asked == [((SCOPE,), {"enable_cae": True, "tenant_id": "t-1"})]
    await rig.client.aclose()


@pytest.mark.parametrize(
    ("lifetime", "kept_until"), [(3600.0, 3600 - EARLY), (100.0, 80.0), (0.0, 0.0), (-50.0, 0.0)]
)
async def test_a_token_is_kept_until_shortly_before_its_end(lifetime, kept_until):
    now = [NOW]
    credential = Credential(lifetime)
    auth = TokenAuth(AZURE, credential, clock=lambda: now[0])
    await auth.claims()
    if kept_until:
        now[0] = NOW + kept_until - 1
        await auth.claims()
        assert len(credential.asked) == 1
    now[0] = NOW + kept_until
    await auth.claims()
    assert len(credential.asked) == 2


async def test_a_refused_token_is_renewed_once(rig):
    rig.service.on("GET", "/computes", Reply(401), Reply(200, {"value": []}))
    assert await rig.place.get("/computes") == {"value": []}
    assert rig.service.bearers == ["Bearer token-1", "Bearer token-2"]
    assert rig.credential.asked[1] == ((SCOPE,), {"enable_cae": True})


async def test_a_service_that_refuses_every_token_is_not_asked_for_ever(rig):
    rig.service.on("GET", "/computes", Reply(401, {"error": {"message": "Expired."}}))
    with pytest.raises(NotSignedIn, match=r"did not accept the sign-in: .* \(Expired\)"):
        await rig.place.get("/computes")
    assert len(rig.service.requests) == 2
    assert len(rig.credential.asked) == 2


async def test_a_claims_challenge_is_answered_with_its_claims_once(rig):
    rig.service.on("GET", "/computes", challenge(), Reply(200, {"value": []}))
    assert await rig.place.get("/computes") == {"value": []}
    assert rig.service.bearers == ["Bearer token-1", "Bearer token-2"]
    assert rig.credential.asked[1] == ((SCOPE,), {"enable_cae": True, "claims": CLAIMS})


async def test_a_challenge_that_comes_again_is_the_end(rig):
    rig.service.on("GET", "/computes", challenge())
    with pytest.raises(NotSignedIn):
        await rig.place.get("/computes")
    assert len(rig.service.requests) == 2


@pytest.mark.parametrize(
    "reply",
    [challenge(error="invalid_token"), challenge(claims=""),
     Reply(401, None, {"WWW-Authenticate": 'Bearer error="insufficient_claims", claims="%%%"'}),
     Reply(401, None, {"WWW-Authenticate": 'Bearer error="insufficient_claims", claims="gICA"'})],
    ids=["another error", "no claims", "not base64", "not text"],
)  # fmt: skip
async def test_claims_that_do_not_count_or_cannot_be_read_are_not_passed_on(rig, reply):
    rig.service.on("GET", "/computes", reply, Reply(200, {}))
    await rig.place.get("/computes")
    assert rig.credential.asked[1] == ((SCOPE,), {"enable_cae": True})


@pytest.mark.parametrize("refusal", [Reply(401), challenge()], ids=["expired", "claims"])
async def test_many_that_are_refused_at_once_share_one_new_token(rig, refusal):
    rig.service.on(
        "GET",
        "/computes/.*",
        lambda request: (
            refusal if request.headers["Authorization"] == "Bearer token-1" else Reply(200, {})
        ),
    )
    await asyncio.gather(*(rig.client.get(f"{rig.place.path}/computes/{n}") for n in range(20)))
    assert len(rig.credential.asked) == 2
    await rig.client.get(f"{rig.place.path}/computes/again")
    assert rig.service.bearers[-1] == "Bearer token-2"


async def test_a_body_is_sent_again_with_the_new_token(rig):
    rig.service.on("PATCH", "/computes/c", Reply(401), Reply(200, {}))
    await rig.place.patch("/computes/c", json={"a": 1})
    assert [request.read() for request in rig.service.requests] == [b'{"a":1}'] * 2


async def test_401_that_means_no_right_is_no_matter_of_signing_in(rig):
    body = {"error": {"message": "User/tenant/subscription is not allowed to access registry r"}}
    rig.service.on("GET", "/computes", Reply(401, body))
    with pytest.raises(NotAllowed, match="not allowed to access registry r"):
        await rig.place.get("/computes")


async def test_who_is_told_late_that_the_old_token_was_refused_takes_the_new_one(rig):
    told = asyncio.Event()

    async def late(request: httpx.Request) -> Reply:
        if request.headers["Authorization"] == "Bearer token-2":
            return Reply(200, {})
        await told.wait()
        return challenge()

    rig.service.on("GET", "/late", late)
    rig.service.on("GET", "/quick", challenge(), Reply(200, {}))
    waiting = asyncio.ensure_future(rig.client.get("/late"))
    await wait_until(lambda: rig.service.requests)
    await rig.client.get("/quick")
    told.set()
    assert await waiting == {}
    assert len(rig.credential.asked) == 2


class Slow:
    """A credential that is asked one at a time, or says so."""

    def __init__(self) -> None:
        self.asked = 0
        self.together = 0
        self._busy = threading.Semaphore(1)

    def get_token(self, *scopes: str, **options: object) -> Token:
        self.asked += 1
        if not self._busy.acquire(blocking=False):
            self.together += 1
        threading.Event().wait(0.02)
        self._busy.release()
        return Token(f"token-{self.asked}", int(NOW + 3600))


async def test_the_credential_is_asked_by_one_at_a_time_whatever_for(rig):
    slow = Slow()
    rig.client.auth.credential = slow
    rig.service.on("GET", "/first", challenge(), Reply(200, {}))
    rig.service.on("GET", "/second", Reply(401), Reply(200, {}))
    rig.service.on("GET", "/third", Reply(200, {}))
    await asyncio.gather(*(rig.client.get(f"/{path}") for path in ("first", "second", "third")))
    # Whoever waited for its turn finds the token that the one before it has fetched.
    assert slow.asked == 2
    assert slow.together == 0


@dataclass
class Broken:
    """A credential that fails."""

    error: Exception

    def get_token(self, *scopes: str, **options: object) -> Token:
        raise self.error


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (NotSignedIn("run `az login`"), NotSignedIn, "run `az login`"),
        (Unreachable("no network"), Unreachable, "no network"),
        (RuntimeError("\n first.\nsecond"), NotSignedIn, "signing in failed: first"),
        (KeyError("access_token"), NotSignedIn, "signing in failed: 'access_token'"),
        (OSError(2, "No such file"), NotSignedIn, "signing in failed: [Errno 2] No such file"),
        (ValueError(), NotSignedIn, "signing in failed: ValueError"),
    ],
)
async def test_a_credential_that_fails_is_told_in_one_sentence_to_all_who_wait(
    rig, error, kind, sentence
):
    rig.client.auth.credential = Broken(error)
    failures = await asyncio.gather(
        *(rig.place.get("/computes") for _ in range(3)), return_exceptions=True
    )
    assert {type(each) for each in failures} == {kind}
    assert {str(each) for each in failures} == {sentence}
    assert rig.service.requests == []


@pytest.mark.parametrize("text", ["sec\nret", "sec ret", "sécret", "", "secret\x00"])
async def test_a_token_that_cannot_be_sent_is_not_told_in_the_error(rig, text):
    class Odd(Credential):
        def get_token(self, *scopes: str, **options: object) -> Token:
            return Token(text, int(NOW + 3600))

    rig.client.auth.credential = Odd()
    with pytest.raises(NotSignedIn, match="gave something that is not a token") as told:
        await rig.place.get("/computes")
    assert "ret" not in str(told.value)
    assert "ret" not in repr(list(rig.client.requests))


@pytest.mark.parametrize(
    "trouble",
    [Reply(401), Reply(403), Reply(500, b"<html>"), httpx.ConnectError("no"), Reply(200, b"<")],
    ids=["401", "403", "500", "refused", "html"],
)
async def test_no_token_is_in_an_error_the_log_or_a_repr(rig, trouble):
    rig.service.on("GET", "/computes", trouble)
    with pytest.raises(AzureError) as told:
        await rig.place.get("/computes")
    held = rig.client.auth
    shown = [
        str(told.value),
        repr(told.value),
        repr(list(rig.client.requests)),
        repr(held),
        str(held),
    ]
    assert rig.credential.asked
    assert not [text for text in shown if "token-" in text]


async def test_who_waits_no_longer_does_not_stop_the_sign_in(rig):
    gate = threading.Event()

    class Gated(Credential):
        def get_token(self, *scopes: str, **options: object) -> Token:
            gate.wait(10)
            return super().get_token(*scopes, **options)

    rig.client.auth.credential = gated = Gated()
    rig.service.on("GET", "/computes", Reply(200, {}))
    first = asyncio.ensure_future(rig.place.get("/computes"))
    second = asyncio.ensure_future(rig.place.get("/computes"))
    await asyncio.sleep(0.01)
    first.cancel()
    gate.set()
    assert await second == {}
    assert len(gated.asked) == 1


def jwt(**claims: object) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256'})}.{part(claims)}.signature"


@pytest.mark.parametrize(
    ("token", "name", "tenant", "expires"),
    [
        (
            jwt(upn="alex@example.com", tid="t", oid="o", exp=1684730318),
            "alex@example.com",
            "t",
            datetime(2023, 5, 22, 4, 38, 38, tzinfo=UTC),
        ),
        (jwt(appid="app-1", name=None, exp=None), "app-1", None, None),
        (jwt(upn={"a": 1}, exp=1e30), None, None, None),
        (jwt(name="x", exp="nonsense"), "x", None, None),
        ("opaque", None, None, datetime.fromtimestamp(NOW + 3600, UTC)),
        ("a.b.c", None, None, datetime.fromtimestamp(NOW + 3600, UTC)),
        ("a.W10.c", None, None, datetime.fromtimestamp(NOW + 3600, UTC)),
    ],
)
async def test_who_the_token_says_the_user_is(rig, token, name, tenant, expires):
    class Fixed(Credential):
        winner = "cli"

        def get_token(self, *scopes: str, **options: object) -> Token:
            return Token(token, int(NOW + 3600))

    rig.client.auth.credential = Fixed()
    found = await identity.who(rig.client)
    assert (found.name, found.tenant, found.expires, found.credential) == (
        name,
        tenant,
        expires,
        "cli",
    )
    assert token not in repr(found)


async def test_a_credential_that_gives_nothing_is_told():
    """None where a token was promised is a sentence, not a traceback."""

    class Empty:
        def get_token(self, *scopes: str, **options: object) -> None:
            return None

    auth = TokenAuth(AZURE, Empty(), clock=lambda: 0.0)
    flow = auth.async_auth_flow(httpx.Request("GET", AZURE.arm))
    with pytest.raises(NotSignedIn, match="not a token"):
        await anext(flow)
