"""Forms that are nested in each other are lowered once each: twice would double the work with every level."""

from __future__ import annotations

import importlib
import time

import pytest

DEPTH = 40
FILES = {
    "java": ("A.java", "class A {{ int f(int a) {{ {}; }} }}"),
    "kotlin": ("A.kt", "fun f(a: Int): Any? {{ {}; return null }}"),
    "go": ("a.go", "package a\nfunc f(a int) {{\n{}\n}}\n"),
    "csharp": ("A.cs", "class A {{ int f(int a) {{ {}; }} }}"),
    "ruby": ("a.rb", "def f(a)\n{}\nend\n"),
    "rust": ("a.rs", "fn f(a: i32) {{ {}; }}"),
    "php": ("a.php", "<?php function f($a) {{ {}; }}"),
}
FORMS = (
    ("--", ""), ("- ", ""), ("", "++"), ("V[", "]++"), ("V[", "] += 1"), ("(V = ", ")"), ("(V += ", ")"),
    ("(V[V] = ", ")"), ("!", ""), ("f(", ")"), ("", ".f()"), ("V ? V : ", ""), ("V ?? ", ""), ("V || (", ")"),
    ("(() => ", ")"), ("{ ", " }"), ("if (V) { ", " }"), ("if (V) { } else { ", " }"), ("while (V) { ", " }"),
    ("switch (V) { case 1: ", " }"), ("match V { _ => ", " }"), ("when (V) { 1 -> ", " else -> 2 }"),
    ("try { ", " } finally { }"), ("new A(", ")"), ("[", "]"), ("begin\n", "\nrescue\nend"), ("a.each { |b| ", " }"),
    ("(V ||= ", ")"), ("Some(", ")"), ("", "?"), ("vec![", "]"), ("func() { ", "}()"), ("A{", "}"),
    ("match(true) { default => ", " }"), ("(V ??= ", ")"), ("(from b in (", ") select b)"),
)  # fmt: skip


@pytest.mark.parametrize("language", FILES)
def test_nested_forms_are_lowered_once(language: str) -> None:
    file, text = FILES[language]
    variable = "$a" if language == "php" else "a"
    lower = importlib.import_module(f"scopedown.languages.{language}.lower").lower
    began = time.process_time()
    for opened, closed in FORMS:
        nested = (opened * DEPTH + "V" + closed * DEPTH).replace("V", variable)
        lower(text.format(nested).encode(), file)
    assert time.process_time() - began < 60  # twice at each level would be 2 to the 40th
