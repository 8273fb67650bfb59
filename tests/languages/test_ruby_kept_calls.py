"""Calls that a Ruby handler really makes: none of them is lost, however the code leads to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.program_calls import calls

CALL = "CLIENT.put_item(table_name: 't', item: {})"
BEFORE = "CLIENT = Aws::DynamoDB::Client.new\nPUT = ->(*) { CALL }\n"


def check(folder: Path, body: str, before: str = "") -> None:
    """A handler with this body makes the call; CALL in the text is the call itself."""
    source = f"{BEFORE}{before}\ndef handler(event:, context:)\n{body}\nend\n"
    assert calls(folder, {"app.rb": source.replace("CALL", CALL)}, "handler") == [
        "dynamodb.PutItem TableName=t Item={}"
    ]


@pytest.mark.parametrize("body", [
    "event or return\nCALL",
    "x = event[:x] || (return)\nCALL",
    "event[:x] && (return)\nCALL",
    "x = event[:x] or raise 'no'\nCALL",
    "event ? nil : (return)\nCALL",
    "x = nil\nx ||= (event[:x] or return)\nCALL",
    "if event[:a]\n 1\nelsif (event[:b] or return)\n 2\nend\nCALL",
    "[1].each do |y|\n x = y or next\n CALL\nend",
    "[1].each do |y|\n y == 2 && next\n CALL\nend",
    "[1].each do |y|\n x = y or break\n CALL\nend",
])  # fmt: skip
def test_a_jump_on_the_right_of_and_or_or_may_not_happen(body: str, tmp_path: Path) -> None:
    check(tmp_path, body)


@pytest.mark.parametrize("body", [
    "x = while true\n break 1\nend\nCALL if x == 1",
    "x = (break 1 while true)\nCALL if x == 1",
    "x = loop { break 1 }\nCALL if x == 1",
    "x = for i in [1] do break 1 end\nCALL if x == 1",
    "[1].each do |i|\n x = until false do break 1 end\n CALL if x == 1\nend",
])  # fmt: skip
def test_a_loop_gives_what_break_gives_it(body: str, tmp_path: Path) -> None:
    check(tmp_path, body)


@pytest.mark.parametrize("body", [
    "true && false && x = 1\nCALL if x.nil?",
    "x = true || false or y = 1\nCALL if y.nil?",
    "x = 1 if event[:x]\nCALL unless x",
    "a &&= 10\nCALL if a.nil?",
    "found = nil\nevent[:all].each { |one| found = true if one }\nCALL unless found",
])  # fmt: skip
def test_a_variable_that_nothing_may_have_set_is_nil(body: str, tmp_path: Path) -> None:
    check(tmp_path, body)


@pytest.mark.parametrize("change", [
    "s << 'd'", "s.concat('d')", "s.prepend('d')", "s.replace('d')", "s.insert(0, 'd')", "s[0] = 'd'", "s[0..1] = 'd'",
    "s['b'] = 'd'", "s.sub!('b', 'd')", "s.gsub!(/b/, 'd')", "s.gsub!(/b/) { 'd' }", "s.upcase!", "s.chop!",
    "s.reverse!", "s.tr!('b', 'd')", "s.delete!('b')", "s.slice!(0)", "s.clear", "s.encode!('UTF-16LE')", "s.succ!",
    "t = s\nt << 'd'", "[s].each { |one| one.upcase! }", "[s].each(&:upcase!)", "grow(s)", "@s = s\n@s << 'd'",
])  # fmt: skip
def test_a_text_that_is_changed_in_place_decides_no_test(change: str, tmp_path: Path) -> None:
    check(tmp_path, f"s = 'abc'\n{change}\nCALL if s != 'abc'", "def grow(text)\n text << 'd'\nend")


@pytest.mark.parametrize("body", [
    "s = 'sa'\ns << 've'\n{ 'save' => PUT }[s].call",
    "s = 'sa'\ns << 've'\ncase s\nwhen 'save' then CALL\nend",
    "s = \"abc \\n\"\ns.chomp!\nCALL if s == 'abc '",
    "e = ' '.empty?\nCALL unless e",
    "n = 0\nCALL if n",
    "n = ''\nCALL if n",
])  # fmt: skip
def test_texts_and_numbers_are_what_ruby_takes_them_for(body: str, tmp_path: Path) -> None:
    check(tmp_path, body)


def test_a_name_that_grows_is_the_whole_name(tmp_path: Path) -> None:
    source = BEFORE + "def handler(event:, context:)\n name = 'a'\n name << '-b'\n CLIENT.scan(table_name: name)\nend\n"
    assert calls(tmp_path, {"app.rb": source.replace("CALL", CALL)}, "handler") == ["dynamodb.Scan TableName=a-b"]
