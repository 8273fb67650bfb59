"""What a guard shows of its decisions."""

from __future__ import annotations

from rich.console import Console

from scopedown.guard.live import DIFFERENT, WAITING, Recent, for_bash, for_powershell, line, table, who
from scopedown.guard.model import Check, Decided

ROLE = "arn:aws:sts::123456789012:assumed-role/worker/abc"


def decided(
    resource: str = "arn:aws:s3:::b/k", allowed: bool = True, message: str = "", statement: str = "p"
) -> Decided:
    return Decided(
        "",
        "s3.GetObject",
        Check("s3:GetObject", resource),
        allowed,
        principal=ROLE,
        message=message,
        statement=statement,
    )


def shown(recent: Recent, rows: int = 20) -> str:
    console = Console(width=120, color_system=None, emoji=False)
    with console.capture() as captured:
        console.print(table(recent, rows))
    return captured.get()


def test_the_same_decision_is_one_row_with_its_number() -> None:
    recent = Recent()
    for _ in range(3):
        recent(decided())
    recent(decided(allowed=False, statement=""))
    text = shown(recent)
    assert text.startswith("3 allowed, 1 denied")
    assert text.count("arn:aws:s3:::b/k") == 2
    assert "allowed ×3" in text and "no statement allows it" in text


def test_what_a_name_holds_cannot_write_on_the_terminal() -> None:
    recent = Recent()
    recent(decided("arn:aws:s3:::b/\x1b[31m[red]:smile:\nDENIED"))
    assert "\x1b" not in shown(recent) and "[red]:smile:" in shown(recent)
    assert line(decided("arn:aws:s3:::b/\x1b[31m\nDENIED")).isprintable()


def test_memory_is_bounded_and_what_is_left_out_is_counted() -> None:
    recent = Recent()
    for number in range(WAITING + 5):
        recent(decided(f"arn:aws:s3:::b/{number}"))
    taken, left_out = recent.take()
    assert (len(taken), left_out) == (WAITING, 5)
    assert len(recent.latest(10_000)) == DIFFERENT
    assert recent.take() == ([], 0)


def test_a_line_says_who_what_and_why() -> None:
    assert line(decided()) == "allowed role/worker  s3:GetObject  arn:aws:s3:::b/k  [p]"
    assert line(decided(allowed=False, message="User: … is not", statement="")).splitlines() == [
        "DENIED  role/worker  s3:GetObject  arn:aws:s3:::b/k",
        "        User: … is not",
    ]
    assert who("arn:aws:iam::123456789012:user/team/app") == "user/team/app"


def test_both_shells_are_told() -> None:
    assert for_bash({"A": "1", "B": "2"}) == "export A=1 B=2"
    assert for_powershell({"A": "1", "B": "2"}) == "$env:A='1'; $env:B='2'"
