"""What opens something is not written down; what only looks a little like it may be lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.feeds.cache.secrets import without_secrets

SECRET = "s3cr3t-VALUE"


@pytest.mark.parametrize(
    "text",
    [
        f"https://a.blob.core.windows.net/c/b?sv=2024-11-04&se=2027&sr=b&sig={SECRET}%3D&sp=r",
        f"redirect=https%3A%2F%2Fa%2Fb%3Fsig%3D{SECRET}",
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={SECRET};EndpointSuffix=x",
        f"Endpoint=sb://a/;SharedAccessKeyName=n;SharedAccessKey={SECRET}",
        f"curl -H 'Authorization: Bearer {SECRET}'",
        f"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.{SECRET}",
        f"WANDB_API_KEY={SECRET} python train.py",
        f"python train.py --hf-token {SECRET} --lr 0.1",
        f'python train.py --password "{SECRET}"',
        f'python -c \'{{"api_key": "{SECRET}"}}\'',
        f"git clone https://kim:{SECRET}@example.com/repo.git",
    ],
)
def test_a_secret_in_a_command_is_hidden(text: str):
    """The words around it stay, and the text is still JSON."""
    hidden = without_secrets(json.dumps([text, "after"], ensure_ascii=False))
    assert SECRET not in hidden
    assert json.loads(hidden)[1] == "after"


def test_a_member_with_a_telling_name_is_hidden():
    """Tags and parameters: the name tells, whatever the value looks like."""
    told = {"hf_token": f'{SECRET} with \\ and " in it', "epochs": "5"}
    assert json.loads(without_secrets(json.dumps(told, separators=(",", ":")))) == {
        "hf_token": "…",
        "epochs": "5",
    }


@pytest.mark.parametrize(
    "text",
    ["python tokenize.py --max-tokens 512", "signal=5&design=x", "https://ml.azure.com/runs/a?wsid=/b",
     "monkey=1", "resnet50", "eyJ"],
)  # fmt: skip
def test_what_is_no_secret_stays(text: str):
    """Ordinary commands and links are kept as they are."""
    assert json.loads(without_secrets(json.dumps(text))) == text


WORDS = st.sampled_from(["token", "sig=", "password", "Bearer ", "AccountKey=", '"', "\\", "'", "=",
                         ":", " ", "\n", "é", "x", "://a:b@", "eyJaaaaaaaa.b.c"])  # fmt: skip


@given(st.lists(st.lists(WORDS, max_size=8).map("".join), max_size=4))
def test_the_text_stays_json(texts: list[str]):
    """However quotes and escapes stand, as many members come back as went in."""
    told = [*texts, dict.fromkeys(texts, "value"), None, 5]
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    found = json.loads(without_secrets(written))
    assert len(found) == len(told)
    assert found[-2:] == [None, 5]
