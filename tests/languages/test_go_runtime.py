"""Go where its code runs: packages, methods, embedded types, interfaces, initialisation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from languages.go_programs import calls_of, program, report_of

_CLIENT = """
var db = dynamodb.New(dynamodb.Options{})
func put(name string) { db.PutItem(context.TODO(), &dynamodb.PutItemInput{TableName: &name}) }
"""
Puts = Callable[..., list[str]]


@pytest.fixture
def puts(tmp_path: Path) -> Puts:
    """The tables into which a handler with this body puts items by ``put(name)``."""

    def found(body: str, handler: str = "", *imports: str, files: dict[str, str] | None = None) -> list[str]:
        source = program(body, "dynamodb", *imports, handler=f"{_CLIENT}\n{handler}")
        return sorted(call.removeprefix("dynamodb.PutItem TableName=") for call in calls_of(tmp_path, source, files))

    return found


def test_a_call_in_another_package_of_the_module_is_found(tmp_path: Path) -> None:
    files = {
        "store/store.go": """
            package store

            import (
                "context"
                "github.com/aws/aws-sdk-go-v2/config"
                "github.com/aws/aws-sdk-go-v2/service/dynamodb"
            )

            type Store struct { db *dynamodb.Client }

            func New(ctx context.Context) (*Store, error) {
                cfg, err := config.LoadDefaultConfig(ctx)
                if err != nil {
                    return nil, err
                }
                return &Store{db: dynamodb.NewFromConfig(cfg)}, nil
            }

            func (s *Store) Put(ctx context.Context) error {
                _, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: table()})
                return err
            }
            """,
        "store/names.go": """
            package store

            import "os"

            var name = os.Getenv("TABLE")

            func table() *string { return &name }
            """,
        "store/store_test.go": "package store\n\nfunc table() *string { return nil }\n",
    }
    source = program("s, _ := store.New(ctx)\nreturn s.Put(ctx)", "example.com/app/store")
    assert calls_of(tmp_path, source, files) == ["dynamodb.PutItem TableName=${env:TABLE}"]


def test_variables_are_set_after_what_they_depend_on(puts: Puts) -> None:
    handler = 'var table = prefix + suffix()\nvar prefix = "a-"\nfunc suffix() string { return end }\nvar end = "z"'
    assert puts("put(table)", handler) == ["a-z"]


def test_init_runs_before_main(puts: Puts) -> None:
    handler = 'var table string\nfunc init() { table = os.Getenv("TABLE") }\nfunc init() { put("init") }'
    assert puts("put(table)", handler, "os") == ["${env:TABLE}", "init"]


def test_several_programs_of_one_folder_are_apart(tmp_path: Path) -> None:
    other = program("put()", "sqs", handler="func put() {}")
    source = program('put("a")', "dynamodb", handler=_CLIENT)
    assert calls_of(tmp_path, source, {"other.go": other}) == ["dynamodb.PutItem TableName=a"]


def test_methods_and_fields_of_embedded_structs_are_those_of_the_outer(puts: Puts) -> None:
    handler = """
    type base struct { table string }
    func (b *base) put() { put(b.table) }
    type outer struct { *base; inner }
    type inner struct { other string }
    """
    body = 'o := &outer{base: &base{table: "a"}}\no.put()\no.other = "b"\nput(o.inner.other)'
    assert puts(body, handler) == ["a", "b"]


def test_a_struct_inside_of_a_struct_is_there_from_the_start(puts: Puts) -> None:
    handler = "type app struct { names names }\ntype names struct { table string }"
    assert puts('a := &app{}\na.names.table = "a"\nput(a.names.table)', handler) == ["a"]


def test_an_interface_has_the_methods_of_what_it_holds(puts: Puts) -> None:
    handler = """
    type putter interface { Put(name string) }
    type one struct{}
    func (one) Put(name string) { put("one-" + name) }
    func use(p putter) { p.Put("a") }
    """
    assert puts("use(one{})", handler) == ["one-a"]


def test_a_function_type_with_methods_is_called_by_them(puts: Puts) -> None:
    handler = """
    type runner interface { Run(name string) }
    type runFunc func(string)
    func (f runFunc) Run(name string) { f(name) }
    func use(r runner) { r.Run("a") }
    """
    assert puts("use(runFunc(put))", handler) == ["a"]


def test_a_function_becomes_one_of_a_type_without_a_conversion(puts: Puts) -> None:
    handler = """
    type runFunc func(string)
    func (f runFunc) Run(name string) { f(name) }
    func make_() runFunc { return func(name string) { put(name) } }
    func use(f runFunc) { f.Run("b") }
    """
    assert puts('make_().Run("a")\nuse(put)', handler) == ["a", "b"]


def test_a_map_type_with_methods_is_a_map(puts: Puts) -> None:
    handler = """
    type routes map[string]func(string)
    func (r routes) run(key string) { r[key]("a") }
    """
    assert puts('routes{"x": put}.run("x")', handler) == ["a"]


def test_a_text_type_with_methods_is_a_text(puts: Puts) -> None:
    handler = 'type stage string\nconst prod stage = "prod"\nfunc (s stage) table() string { return "t-" + string(s) }'
    assert puts("put(prod.table())", handler) == ["t-prod"]


def test_results_are_passed_on_as_arguments(puts: Puts) -> None:
    handler = 'func two() (string, error) { return "a", nil }\nfunc take(name string, err error) { put(name) }'
    assert puts("take(two())", handler) == ["a"]


def test_goroutines_defers_and_closures_run(puts: Puts) -> None:
    body = """
    name := "a"
    var wg sync.WaitGroup
    go func() { put(name) }()
    defer func() { put("b") }()
    wg.Wait()
    """
    assert puts(body, "", "sync") == ["a", "b"]


def test_what_is_sent_to_a_channel_is_received(puts: Puts) -> None:
    assert puts('c := make(chan string, 1)\nc <- "a"\nput(<-c)') == ["a"]


def test_loops_go_through_lists_and_maps(puts: Puts) -> None:
    body = (
        'for _, n := range []string{"a", "b"} { put(n) }\nfor k, v := range map[string]string{"c": "d"} { put(k + v) }'
    )
    assert puts(body) == ["a", "b", "cd"]


def test_a_table_of_structs_is_gone_through(puts: Puts) -> None:
    body = 'for _, t := range []struct{ name string; run func(string) }{{"a", put}, {"b", put}} { t.run(t.name) }'
    assert puts(body) == ["a", "b"]


def test_both_sides_of_a_branch_on_an_error_run(puts: Puts) -> None:
    body = 'if _, err := db.GetItem(ctx, nil); err != nil { put("failed") }\nput("done")'
    assert {"failed", "done"} <= set(puts(body))


def test_all_cases_of_a_switch_run(puts: Puts) -> None:
    body = 'switch event["x"] {\ncase "a": put("a")\ncase "b": put("b")\ndefault: put("c")\n}'
    assert puts(body) == ["a", "b", "c"]


def test_texts_are_put_together(puts: Puts) -> None:
    body = """
    put(fmt.Sprintf("%s-%d-%v", os.Getenv("STAGE"), 3, "x"))
    put(strings.Join([]string{"a", "b"}, "-"))
    put(strings.ToLower("ABC") + strconv.Itoa(4))
    var b strings.Builder
    b.WriteString("x")
    b.WriteString("y")
    put(b.String())
    """
    assert puts(body, "", "fmt", "os", "strings", "strconv") == ["${env:STAGE}-3-x", "a-b", "abc4", "xy"]


@pytest.mark.parametrize(
    "code",
    [
        'func name() string { if v := os.Getenv("T"); v != "" { return v }; return "d" }',
        'func name() string { v := os.Getenv("T"); if v == "" { return "d" }; return v }',
        'func name() string { v := os.Getenv("T"); if "" == v { v = "d" }; return v }',
        'func name() string { v := os.Getenv("T"); if v == "" { println("none"); v = "d" }; return v }',
        'func name() string { v := "d"; if e := os.Getenv("T"); e != "" { v = e }; return v }',
        'func name() string { var v string; if e := os.Getenv("T"); e != "" { v = e } else { v = "d" }; return v }',
        'func name() string { if v, ok := os.LookupEnv("T"); ok { return v }; return "d" }',
        'func name() string { v, ok := os.LookupEnv("T"); if !ok { return "d" }; return v }',
        'func name() string { if os.Getenv("T") != "" { return os.Getenv("T") }; return "d" }',
        'func name() string { return env("T", "d") }\n'
        "func env(key, other string) string { if v, ok := os.LookupEnv(key); ok { return v }; return other }",
    ],
)
def test_a_variable_keeps_what_stands_in_for_it(tmp_path: Path, code: str) -> None:
    handler = f"{_CLIENT}\n{code}"
    report = report_of(tmp_path, program("put(name())", "dynamodb", "os", handler=handler))
    (call,) = report.calls
    (part,) = call.arguments["TableName"].parts
    assert (part.name, str(part.default)) == ("T", "d")


def test_once_runs_its_function(puts: Puts) -> None:
    assert puts('once.Do(func() { put("a") })', "var once sync.Once", "sync") == ["a"]


def test_constants_count(puts: Puts) -> None:
    handler = 'const (\n a = "t-" + b\n b = "x"\n)'
    assert puts("put(a)", handler) == ["t-x"]


def test_a_generic_function_is_called_without_its_types(puts: Puts) -> None:
    assert puts('use[string]("a")\nuse("b")', "func use[T any](x T) { put(any(x).(string)) }") == ["a", "b"]


def test_a_local_name_hides_a_package_only_where_it_stands(tmp_path: Path) -> None:
    body = 'dynamodb := dynamodb.New(dynamodb.Options{})\nname := "a"\ndynamodb.Scan(ctx, in(&name))'
    handler = "func in(name *string) *dynamodb.ScanInput { return &dynamodb.ScanInput{TableName: name} }"
    assert calls_of(tmp_path, program(body, "dynamodb", handler=handler)) == ["dynamodb.Scan TableName=a"]


def test_a_handler_is_a_method_of_an_object(tmp_path: Path) -> None:
    source = program("", "dynamodb", handler=_CLIENT).replace(
        "lambda.Start(handle)", 'lambda.Start((&app{"a"}).Handle)'
    )
    source += """
    type app struct { table string }
    func (a *app) Handle(ctx context.Context) error { put(a.table); return nil }
    """
    assert calls_of(tmp_path, source) == ["dynamodb.PutItem TableName=a"]


def test_what_is_not_known_is_not_silent(tmp_path: Path) -> None:
    report = report_of(tmp_path, program("other.Thing().PutItem(ctx, nil)", "github.com/someone/other"))
    assert not report.calls
    assert report.unseen


def test_a_configuration_that_a_branch_chooses_keeps_its_credentials(tmp_path: Path) -> None:
    body = """
        var cfg aws.Config
        if os.Getenv("LOCAL") == "1" {
            cfg, _ = config.LoadDefaultConfig(ctx, config.WithCredentialsProvider(
                credentials.NewStaticCredentialsProvider("a", "b", "")))
        } else {
            cfg, _ = config.LoadDefaultConfig(ctx)
        }
        dynamodb.NewFromConfig(cfg).PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("t")})
        """
    imports = ("os", "github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2/config",
               "github.com/aws/aws-sdk-go-v2/credentials")  # fmt: skip
    report = report_of(tmp_path, program(body, "dynamodb", *imports))
    assert sorted(call.credentials is None for call in report.calls) == [False, True]


def test_a_loop_over_a_channel_has_what_was_sent(tmp_path: Path) -> None:
    handler = """
    func worker(tables <-chan string) {
        for table := range tables {
            put(table)
        }
    }
    """
    body = """
    tables := make(chan string, 1)
    go worker(tables)
    tables <- "t"
    close(tables)
    """
    source = program(body, "dynamodb", "config", handler=f"{_CLIENT}\n{handler}")
    assert calls_of(tmp_path, source) == ["dynamodb.PutItem TableName=t"]


@pytest.mark.parametrize(
    ("declared", "one", "other"),
    [
        ("type A int\ntype B int", "A(1)", "B(1)"),
        ("type A int\ntype B int\nfunc (A) M() {}\nfunc (B) M() {}", "A(1)", "B(1)"),
        ("type A int", "A(1)", "1"),
        ("", "int32(1)", "int64(1)"),
    ],
)
def test_equal_values_of_different_types_differ_in_an_interface(
    puts: Puts, declared: str, one: str, other: str
) -> None:
    assert puts(f'var a, b any = {one}, {other}\nif a == b {{\nreturn nil\n}}\nput("t")', declared) == ["t"]
    assert puts(f'var a, b any = {one}, {other}\nsame := a == b\nif same {{\nreturn nil\n}}\nput("t")', declared) == [
        "t"
    ]


def test_equal_values_of_one_type_are_equal(puts: Puts) -> None:
    assert puts('a, b := A("x"), A("x")\nif a != b {\nput("t")\n}', "type A string") == []


@pytest.mark.parametrize(
    "body",
    [
        "s := 0\nfor i := range map[int]int{1: 2, 4: 3} {\ns += i\n}\nif s != 5 {\nreturn nil\n}",
        "for i := range map[int]int{3: 1} {\nif i != 3 {\nreturn nil\n}\n}",
        "c := make(chan int, 1)\nc <- 1\nx := <-c\nclose(c)\nx = <-c\nif x != 0 {\nreturn nil\n}",
        "c := make(chan int, 1)\nc <- 1\nx, ok := <-c\nclose(c)\nx, ok = <-c\nif x != 0 || ok {\nreturn nil\n}",
        "a := []int{1}\ncopy(a, []int{7})\nx := a[0]\nif x != 7 {\nreturn nil\n}",
        'm := map[string]int{"a": 1}\ndelete(m, "a")\nx := m["a"]\nif x != 0 {\nreturn nil\n}',
        'm := map[string]int{"a": 1}\nclear(m)\nx := m["a"]\nif x != 0 {\nreturn nil\n}',
        "x := \"abc\"[1]\nif x != 'b' {\nreturn nil\n}",
    ],
)
def test_what_go_gives_for_keys_channels_slices_and_texts_decides_no_test_wrongly(puts: Puts, body: str) -> None:
    assert puts(f'{body}\nput("t")') == ["t"]


def test_a_text_from_a_channel_and_a_key_of_a_map_are_known(puts: Puts) -> None:
    assert puts('c := make(chan string, 1)\nc <- "a"\nput(<-c)') == ["a"]
    assert puts('for name := range map[string]int{"a": 1} {\nput(name)\n}') == ["a"]
