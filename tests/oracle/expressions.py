"""Random JavaScript expressions over a few names, for comparing what they are worth here and in node.

In: a seed; the same one gives the same expressions. They use operators, spreads, templates, functions,
classes, loops and the methods of texts, arrays and objects, most of them with arguments that nobody would write.
"""

from __future__ import annotations

from random import Random
from typing import Final

PRELUDE: Final = """
const s = 'a-b.c'; const n = 5; const o = {a: 1, b: {c: 'x', d: [1, 2]}, 'k-1': null};
const l = ['x', 'yy', 3, null, 'a']; const e = ''; let u; const z = null; const t = true;
const big = 1e21; const neg = -3; const fl = 2.5;
const f = (a, b = 'd', ...c) => `${a}:${b}:${c.length}`;
const g = ({a, b: {c} = {c: 'q'}, ...r}, [h, , i] = [7, 8, 9]) => ({a, c, r, h, i});
function k(x) {
  if (x > 3) { return 'big' } else if (x === undefined) return 'none';
  for (const y of [1, 2, 3]) { if (y === x) return y * 2 }
  return {x};
}
class C { static s = 4; v = 1; constructor(w) { this.w = w } get() { return this.v + this.w }
  static make(x) { return new C(x) } }
"""

LEAVES: Final = (
    "s", "n", "o", "l", "e", "u", "z", "t", "big", "neg", "fl", "'lit'", '"q\\n\\u0041"', "`t${n}x`", "12", "0x1F",
    "1_000", ".5", "[]", "{}", "true", "null", "undefined", "o.b", "o.b.d", "l[0]", 'o["k-1"]', "C.s",
)  # fmt: skip

TWO: Final = (
    *(f"(#) {sign} (#)" for sign in ("+", "-", "*", "/", "%", "===", "!=", "==", "<", ">=", "&&", "||", "??")),
    "[#, #]", "{p: #, q: #}", "[...[#], ...l, #]", "{...o, r: #, ...{s: #}}", "f(#, #)", "f(...l, #, #)",
    "`${#}-${#}`", "String(#) + typeof (#)", "[#, #].join('|')", "[1, #].concat(#)", "[#].includes(#)",
    "{[`k${#}`]: #}", "l.reduce((a, b) => a + b + (#), #)", "Object.assign({}, {a: #}, {b: #})", "Math.max(#, #)",
    "(#, #)", "[#].indexOf(#)",
)  # fmt: skip

ONE: Final = (
    "!(#)", "-(#)", "+(#)", "typeof (#)", "String(#)", "Number(#)", "Boolean(#)", "JSON.stringify(#)", "void (#)",
    "JSON.stringify(#, null, 2)", "JSON.stringify({a: #})", "[#].map((v) => v)", "[#].flat()", "Array.isArray(#)",
    "(#)?.length", "(#)?.[0]", "(#)?.a", "`${#}`", "k(#)", "g({a: #})", "g({a: 1, b: {c: #}, z: 2}, [1, 2, 3])",
    "new C(#).get()", "C.make(#)", "Object.keys({a: #})", "Object.entries({a: #, b: 1})", "Object.values({a: #})",
    "Object.fromEntries([['a', #]])", "parseInt(#)", "parseFloat(#)", "[#, 2, 1].sort()", "[#].filter(Boolean)",
    "l.find((v) => v === (#))", "l.some((v) => v === (#))", "l.every((v) => v !== (#))", "l.slice(#)", "l.at(#)",
    "l.map((v, i) => ({v, i, w: #}))", "l.join(#)", "s.slice(#)", "s.substring(#)", "s.substr(#)", "s.charAt(#)",
    "s.at(#)", "s.padStart(#, 'xy')", "s.repeat(Math.abs(parseInt(#)) % 4 || 0)", "s.split(String(#))",
    "s.replace(String(#), '$&!')", "s.includes(String(#))", "s.startsWith(String(#))", "s.indexOf(String(#))",
    "(() => { let a = #; a ??= 4; return a })()", "(() => { try { return # } finally {} })()",
    "(() => { switch (#) { case 5: return 'five'; case 'lit': return 1; default: return 'other' } })()",
    "(() => { const q = []; for (let i = 0; i < 3; i++) { if (i === 1) continue; q.push(i, #) } return q })()",
    "(() => { const q = {}; for (const j in {a: #, b: 2}) { q[j] = 1 } return q })()", "(#) ? 'y' : 'n'",
    "encodeURIComponent(#)", "structuredClone({a: #}).a", "Array.from([#])", "s.toUpperCase() + (#)",
    "s.trim().concat(#)", "'a1b22'.replace(/[0-9]+/g, #)", "'a1b22'.match(/[0-9]+/g).concat(#)",
    "s.split(/[.-]/).concat(#)", "[[#], [[1]]].flat(2)", "[1, 2].flatMap((v) => [v, #])", "Object.keys(l).concat(#)",
    "[...new Set([1, 1, #])]", "[...l.entries()].length + (#)", "Math.round(#)", "Math.floor(#)", "(#).toString()",
    "'x'.concat(#, 1)", "(#) in o", "delete ({a: #}).a", "(5).toFixed(2) + (#)", "l.map(String).concat(#)",
)  # fmt: skip


def expressions(seed: int, number: int) -> list[str]:
    """That many expressions."""
    random = Random(seed)
    return [_expression(random, random.choice((1, 1, 1, 2, 2, 3))) for _ in range(number)]


def _expression(random: Random, depth: int) -> str:
    if depth <= 0 or random.random() < 0.25:
        return random.choice(LEAVES)
    pattern = random.choice(TWO if random.random() < 0.5 else ONE)
    first, *others = pattern.split("#")
    return first + "".join(_expression(random, depth - 1) + other for other in others)
