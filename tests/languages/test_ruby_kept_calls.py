"""Calls that a Ruby handler really makes: none of them is lost, however the code leads to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.program_calls import calls, report

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
    "CALL unless :save == 'save'",
    "CALL unless 'save'.equal?('save')",
    "$0 = 'x'\nCALL if $0 == 'x'",
    "s = 'abc'\ns.bytesplice(0, 1, 'd')\nCALL if s != 'abc'",
    "s = 'abc'\nFile.new('x').read(3, s)\nCALL if s != 'abc'",
    "n = ''\nCALL if n",
])  # fmt: skip
def test_texts_and_numbers_are_what_ruby_takes_them_for(body: str, tmp_path: Path) -> None:
    check(tmp_path, body)


def test_a_name_that_grows_is_the_whole_name(tmp_path: Path) -> None:
    source = BEFORE + "def handler(event:, context:)\n name = 'a'\n name << '-b'\n CLIENT.scan(table_name: name)\nend\n"
    assert calls(tmp_path, {"app.rb": source.replace("CALL", CALL)}, "handler") == ["dynamodb.Scan TableName=a-b"]


@pytest.mark.parametrize(("before", "body"), [
    ("", "a = Object.new\ndef a.put\n CALL\nend\na.put"),
    ("", "@a = Object.new\ndef @a.put\n CALL\nend\n@a.put"),
    ("", "a = Object.new\nclass << a\n def put\n  CALL\n end\nend\na.put"),
    ("", "a = Object.new\na.define_singleton_method(:put) { CALL }\na.singleton_method(:put).call"),
    ("", "k = Class.new do\n def put\n  CALL\n end\nend\nClass.new(k).new.put"),
    ("", "m = Module.new do\n def self.included(owner)\n  CALL\n end\nend\nClass.new { include m }"),
    ("", "a = Class.new\na.class_eval do\n def put\n  CALL\n end\nend\na.new.put"),
    ("module M\n def put\n  CALL\n  super\n end\nend\nclass A\n prepend M\n def put\n end\nend", "A.new.put"),
    ("module M\n def put\n  super\n end\nend\nclass P\n def put\n  CALL\n end\nend\nclass A < P\n include M\nend",
     "A.new.put"),
    ("class P\n def self.inherited(other)\n  CALL\n end\nend", "Class.new(P)"),
    ("class A\n def put\n  CALL\n end\nend\nclass B < A\n define_method(:go, A.instance_method(:put))\nend",
     "B.new.go"),
    ("class A\n def []=(a, b, c)\n  CALL\n end\nend", "A.new[:a, :b] = 1"),
])  # fmt: skip
def test_a_method_is_found_wherever_it_is_defined(before: str, body: str, tmp_path: Path) -> None:
    check(tmp_path, body, before)


@pytest.mark.parametrize(("methods", "body"), [
    ("def each\n  CALL\n  yield 1\n end", "A.new.to_enum.next"),
    ("include Enumerable\n def each\n  yield PUT\n end", "A.new.first.call"),
    ("include Enumerable\n def each\n  CALL\n  yield 1\n end", "A.new.map { |x| x }"),
    ("include Comparable\n def <=>(other)\n  CALL\n  0\n end", "A.new > A.new"),
    ("def coerce(n)\n  CALL\n  [n, 3]\n end", "6 + A.new"),
    ("def to_s\n  CALL\n  'x'\n end", "[A.new].join"),
    ("def to_s\n  CALL\n  'x'\n end", "/#{A.new}/"),
    ("def respond_to_missing?(name, all)\n  CALL\n  true\n end", "A.new.respond_to?(:x)"),
])  # fmt: skip
def test_a_method_that_the_library_calls_is_run(methods: str, body: str, tmp_path: Path) -> None:
    check(tmp_path, body, f"class A\n {methods}\nend")


@pytest.mark.parametrize("body", [
    "a = Class.new\na.class_eval 'def foo; end'", "Class.new.module_eval 'x'", "Object.new.instance_eval 'x'",
    "[].instance_eval 'x'", "n = 1\nbinding.local_variable_set(:n, 2)", "instance_eval 'x'",
])  # fmt: skip
def test_code_that_is_a_text_is_not_seen(body: str, tmp_path: Path) -> None:
    found = report(
        tmp_path, {"app.rb": f"{BEFORE.replace('CALL', CALL)}def handler(event:, context:)\n{body}\nend\n"}, "handler"
    )
    assert any("code that is built at run time" in part.what for part in found.unseen)


@pytest.mark.parametrize("body", [
    "b = [1, PUT, 5]\nb[1, 0] = [2]\nb[2].call", "[1, PUT, 3].fill('a', 8, 5)[1].call", "[1, PUT].rotate(1)[0].call",
    "a = [1, PUT, 8]\na.slice!(1...a.length)[0].call", "[1, PUT].fetch(1).call", "[1, PUT].reverse[0].call",
    "a = [1]\na.unshift(PUT)\na[0].call", "a = [PUT, 1]\na.shift.call", "a = [1]\na.pop\nn = a.size\nCALL if n == 0",
    "[3, PUT].sort_by { |x| x.to_s }.each { |x| x.call if x.respond_to?(:call) }", "[[PUT]].each_entry.first[0].call",
    "acc = []\n[1, PUT].to_enum.each { |e| acc << e }\nacc[1].call", "[1, PUT].any_method_of_a_gem[0].call",
    "x = [1].find { |one| one == event['x'] }\nCALL unless x", "{ PUT => 'b' }.key('b').call",
    "{ PUT => 'b' }.keys[0].call", "{ a: PUT }.assoc(:a)[1].call", "{ a: PUT }.invert.keys[0].call",
])  # fmt: skip
def test_a_function_in_a_collection_is_found_again(body: str, tmp_path: Path) -> None:
    check(tmp_path, body)


@pytest.mark.parametrize("body", [
    "q = Queue.new\nq << Job.new\nq.pop.perform", "q = Queue.new\nq[:a] = Job.new\nq[:a].perform",
    "Queue.new([PUT]).pop.call", "Fiber.new { PUT }.resume.call", "Enumerator.new { |y| y << [PUT] }.first[0].call",
    "Marshal.load(Marshal.dump(Job.new)).perform", "Ractor.new { Job.new }.take.perform",
])  # fmt: skip
def test_an_object_that_the_library_keeps_is_found_again(body: str, tmp_path: Path) -> None:
    check(tmp_path, body, "class Job\n def perform\n  CALL\n end\nend")


@pytest.mark.parametrize("body", [
    "a = 42\n/(?<a>foo)/ =~ 'foofoo'\nCALL if a == 'foo'", "CALL if \"\\s\\075\\x62\\cx\" == \" =b\\030\"",
    "'a b'.scan(/(.) (.)/) { |one, other| CALL if other == 'b' }", "*a = PUT\na[0].call", "a, b = [1, PUT]\nb.call",
    "case [1, PUT]\nin [1, *rest]\n rest[0].call\nend", "case [1, PUT, 3]\nin [*, 1, f, *]\n f.call\nend",
    "x = [1].map { break PUT }\nx.call", "[[PUT, 1]].each { |f, | f.call }",
    "a = [1, 2, PUT]\n2.times { a.shift }\na[0].call",
    "acc = []\nevent[:all].each { |one| acc << one }\nn = acc.size\nCALL if n == 2",
    "done = false\nbegin\n raise 'x' unless done\n CALL if done\nrescue\n done = true\n retry\nend",
    "todo = ['root']\nuntil todo.empty?\n one = todo.shift\n if one == 'root'\n  todo << 'b'\n else\n  CALL\n end\nend",
])  # fmt: skip
def test_what_ruby_binds_by_itself_is_known_or_not_decided(body: str, tmp_path: Path) -> None:
    check(tmp_path, body)


def test_a_call_of_what_is_no_function_is_not_seen(tmp_path: Path) -> None:
    body = "calls = [PUT]\nx = 1\nx.call"
    source = f"{BEFORE}def handler(event:, context:)\n{body}\nend\n".replace("CALL", CALL)
    found = report(tmp_path, {"app.rb": source}, "handler")
    assert [part.what for part in found.unseen] == ["PUT() may run and call put_item()"]


@pytest.mark.parametrize("body", [
    "a[*[:m]] &&= 2", "a[1, 2] ||= 3", "a[1, 2] += 3", "a[1, 2] = 3",
])  # fmt: skip
def test_an_element_of_several_keys_is_written_by_a_method(body: str, tmp_path: Path) -> None:
    cls = "class A\n def [](*keys)\n  event_of(keys)\n end\n def []=(*keys, value)\n  CALL\n end\nend"
    check(tmp_path, f"a = A.new\n{body}", cls)


@pytest.mark.parametrize("body", [
    "Object::A = PUT\nObject::A.call", "Object::PUT.call", "[].find(-> { PUT }) { |x| true }.call",
    "from = Object.new\ndef from.read(size)\n CALL\nend\nIO.copy_stream(from, 'x', 12)",
])  # fmt: skip
def test_what_the_library_is_handed_may_run(body: str, tmp_path: Path) -> None:
    check(tmp_path, body)


@pytest.mark.parametrize(("before", "body"), [
    ("class A\n def self.[](k)\n  CALL\n end\nend", "A[:x]"),
    ("class A\n def self.[](k)\n  CALL\n end\nend", "A[event]"),
    ("class A\n def self.[](k, l)\n  CALL\n end\nend", "A[1, 2]"),
    ("class A\n class << self\n  def [](k)\n   CALL\n  end\n end\nend", "A[1]"),
    ("class A\n def self.[]=(k, v)\n  CALL\n end\nend", "A[:a] = 1"),
    ("", "a = Object.new\nclass << a\n def [](k)\n  CALL\n end\nend\na[:x]"),
    ("", "a = Object.new\ndef a.b=(x)\n CALL\nend\na.b = 1"),
    ("module M\n def initialize\n  super\n end\nend\nclass A\n prepend M\n def initialize\n  CALL\n end\nend", "A.new"),
    ("module M\n def go\n  super\n end\nend\nclass A\n prepend M\n def go\n  CALL\n end\nend", "A.new.go"),
    ("class A\n def self.const_missing(name)\n  CALL\n end\nend", "A::Other"),
    ("class A\nend", "A.const_set(:F, PUT)\nA::F.call"),
    ("", "[1].each { |;a| CALL if a.nil? }"),
])  # fmt: skip
def test_what_a_class_or_an_object_answers_itself_is_found(before: str, body: str, tmp_path: Path) -> None:
    check(tmp_path, body, before)


@pytest.mark.parametrize("loop", [
    "todo.each do |one|", "todo.each_with_index do |one, at|", "until todo.empty?\n one = todo.shift",
    "while (one = todo.pop)", "loop do\n one = todo.shift or break",
])  # fmt: skip
def test_a_worklist_grows_while_it_is_walked(loop: str, tmp_path: Path) -> None:
    check(tmp_path, f"todo = ['root']\n{loop}\n if one == 'root'\n  todo << 'leaf'\n else\n  CALL\n end\nend")


@pytest.mark.parametrize(("before", "body"), [
    ("class A\n def self.===(x)\n  CALL\n  true\n end\nend", "case event\nwhen A then 1\nend"),
    ("", "case 1\nwhen ->(x) { CALL } then 1\nend"),
    ("", "h = { a: 1 }\nh.delete(:a)\ne = h.empty?\nCALL if e"),
    ("", "h = { a: 1 }\nh.delete(:a) if event\nx = h[:a]\nCALL if x.nil?"),
    ("", "a = [1]\nb = a.dup\nb << 2\nn = a.size\nCALL if n == 1"),
    ("", "s = \"\\0 a \\0\"\ns.strip!\nCALL if s == 'a'"),
    ("", "CALL if ?\\C-z == \"\\x1A\""),
    ("", "s = 10.to_s(2)\nCALL if s == '1010'"),
    ("", "n = 'a,b,,'.split(',').size\nCALL if n == 2"),
    ("class A\n def put\n  CALL\n end\n def run(&block)\n  instance_exec(&block)\n end\nend", "A.new.run { put }"),
])  # fmt: skip
def test_copies_cases_and_deletions_are_ruby_s_own(before: str, body: str, tmp_path: Path) -> None:
    check(tmp_path, body, before)


@pytest.mark.parametrize(("base", "method", "body"), [
    ("Regexp", "match(*)", "'a'.match(Own.new('a'))"),
    ("Logger", "add(*)", "Own.new($stdout).info('x')"),
    ("Hash", "default(*)", "Own.new[1]"),
    ("Nokogiri::XML::SAX::Document", "start_element(*)", "Nokogiri::XML::SAX::Parser.new(Own.new).parse('<a/>')"),
    ("Object", "write(*)", "$stderr = Own.new\nwarn 'x'"),
    ("Object", "pretty_print(*)", "pp Own.new"),
])  # fmt: skip
def test_a_library_calls_what_a_class_of_the_program_overrides(
    base: str, method: str, body: str, tmp_path: Path
) -> None:
    check(tmp_path, body, f"class Own < {base}\n def {method}\n  CALL\n end\nend\n")


@pytest.mark.parametrize("body", [
    "raise Own",
    "raise Own, 'x'",
    "event or raise Own, 'x'",
    "own = Own\nraise own, 'x'",
])  # fmt: skip
def test_raising_a_class_makes_an_object_of_it(body: str, tmp_path: Path) -> None:
    check(tmp_path, body, "class Own < StandardError\n def initialize(*)\n  CALL\n end\nend\n")
