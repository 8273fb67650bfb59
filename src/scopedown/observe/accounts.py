"""Whose account a project is in, where logs of several accounts have roles of its names.

In: what the roles of a project did, by the names alone. Out: the account that is meant, why, and the others, whose
roles are not the project's. One stack in two accounts has the same names in both, and what one did is no use of the
other's role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scopedown.core.words import count
from scopedown.iam.newaccess.patterns import meets, pattern
from scopedown.iam.wildcard import glob
from scopedown.observe.actions import Observed
from scopedown.observe.names import Names, fits, principals


@dataclass(frozen=True, slots=True)
class Account:
    """``id`` has 12 digits, or is empty where the logs have no role of the project. ``others`` are the accounts in
    which roles of the same names acted; ``reason`` says, in words, why ``id`` was taken before them."""

    id: str = ""
    reason: str = ""
    others: tuple[str, ...] = ()

    def is_own(self, account: str) -> bool:
        """Whether what was done in an account counts; of an account that the log does not name, it does."""
        return account not in self.others

    @property
    def said(self) -> str:
        """One line on the choice; empty where no other account has roles of the names."""
        if not self.others:
            return ""
        return (
            f"account {self.id}: {self.reason}; what roles of the same names did in {', '.join(self.others)} does not "
            "count (pass --account to take another account)"
        )


def account_of(names: Names, uses: Iterable[Observed], deployer: str = "") -> Account:
    """The account of a project, by what the user said of it (``--account``, the stack's resources); else the one where
    most of its functions and roles acted, then the one with most calls. ``deployer`` is the pattern of the deploying
    user's ARN: the account where that user acted counts where no role did anything."""
    roles = {one for role in names.project.roles.values() for one in principals(names.role(role))} - {""}
    found = _acted(uses, roles)
    if not found and deployer:
        found = _acted(uses, {deployer}, by_trail=True)
    said = names.project.account or names.account
    if said:
        where = "--account" if names.project.account else "--stack-resources"
        return Account(said, f"{where} names it", tuple(sorted(found.keys() - {said})))
    if not found:
        return Account()
    most = min(found, key=lambda account: (*(-one for one in found[account].weight), account))
    others = tuple(sorted(found.keys() - {most}))
    return Account(most, found[most].reason if others else "", others)


@dataclass(slots=True)
class _Acted:
    """What roles of the project's names did in one account."""

    roles: set[str]
    sessions: set[str]
    calls: int = 0

    @property
    def weight(self) -> tuple[int, int, int]:
        return len(self.sessions), len(self.roles), self.calls

    @property
    def reason(self) -> str:
        functions, roles, calls = self.weight
        counts = [(functions, "function"), (roles, "role"), (calls, "call")]
        words = [count(number, word) for number, word in counts if number]
        return f"it has most of what roles of these names did ({', '.join(words)})"


def _acted(uses: Iterable[Observed], forms: Iterable[str], by_trail: bool = False) -> dict[str, _Acted]:
    patterns = [pattern(glob(form)) for form in forms]
    found: dict[str, _Acted] = {}
    known: dict[str, bool] = {}
    for use in uses:
        if use.principal not in known:
            known[use.principal] = any(meets(one, pattern(glob(use.principal))) for one in patterns)
        account = use.account if by_trail else owner(use.principal)
        if known[use.principal] and account:
            acted = found.setdefault(account, _Acted(set(), set()))
            acted.roles.add(use.principal)
            acted.sessions |= {use.session} - {""}
            acted.calls += use.count + use.denied
    return found


def owner(principal: str) -> str:
    """The account in a principal's ARN; empty where it names none."""
    parts = principal.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4].isdecimal() else ""


def own_uses(uses: Iterable[Observed], account: Account, deployer: str = "") -> list[Observed]:
    """The uses without those of other accounts' roles of the same names; of the deploying user, without what was done
    in the other accounts."""
    if not account.others:
        return list(uses)
    return [
        use for use in uses
        if account.is_own(use.account if deployer and fits(deployer, use.principal) else owner(use.principal))
    ]  # fmt: skip
