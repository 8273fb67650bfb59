"""Libraries of Go that give names: settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.go_programs import calls_of, program, report_of

_SETTINGS = """
type settings struct {
    TableName string `envconfig:"TABLE" env:"TABLE" default:"d" envDefault:"d" env-default:"d"`
    Count     int    `envconfig:"COUNT" env:"COUNT"`
    Queue     queue  `envPrefix:"QUEUE_" env-prefix:"QUEUE_"`
}
type queue struct { Url string `envconfig:"URL" env:"URL"` }
var svc = sqs.New(sqs.Options{})
"""


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("github.com/kelseyhightower/envconfig", 'envconfig.Process("", &s)'),
        ("github.com/caarlos0/env/v10", "env.Parse(&s)"),
        ("github.com/ilyakaznacheev/cleanenv", "cleanenv.ReadEnv(&s)"),
    ],
)
def test_tags_name_variables(tmp_path: Path, path: str, call: str) -> None:
    body = f"""
    var s settings
    {call}
    svc.SendMessage(ctx, &sqs.SendMessageInput{{QueueUrl: &s.Queue.Url, MessageBody: &s.TableName}})
    """
    assert calls_of(tmp_path, program(body, "sqs", path, handler=_SETTINGS)) == [
        "sqs.SendMessage QueueUrl=${env:QUEUE_URL} MessageBody=${env:TABLE}"
    ]


def test_settings_are_parsed_as_a_type(tmp_path: Path) -> None:
    body = """
    s, err := env.ParseAs[settings]()
    svc.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &s.Queue.Url})
    _ = err
    """
    found = calls_of(tmp_path, program(body, "sqs", "github.com/caarlos0/env/v11", handler=_SETTINGS))
    assert found == ["sqs.SendMessage QueueUrl=${env:QUEUE_URL}"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("github.com/samber/lo", 'lo.ToPtr("q")'),
        ("k8s.io/utils/ptr", 'ptr.To("q")'),
        ("github.com/AlekSi/pointer", 'pointer.ToString("q")'),
    ],
)
def test_a_pointer_is_its_value(tmp_path: Path, path: str, value: str) -> None:
    handler = "var svc = sqs.New(sqs.Options{})"
    body = f"svc.SendMessage(ctx, &sqs.SendMessageInput{{QueueUrl: {value}}})"
    assert calls_of(tmp_path, program(body, "sqs", path, handler=handler)) == ["sqs.SendMessage QueueUrl=q"]


def test_lists_are_gone_through(tmp_path: Path) -> None:
    handler = "var svc = sqs.New(sqs.Options{})"
    body = """
    urls := lo.Map([]string{"a", "b"}, func(name string, _ int) string { return name + "-q" })
    lo.ForEach(urls, func(url string, _ int) { svc.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url}) })
    """
    found = calls_of(tmp_path, program(body, "sqs", "github.com/samber/lo", handler=handler))
    assert found == ["sqs.SendMessage QueueUrl=a-q", "sqs.SendMessage QueueUrl=b-q"]


def test_a_request_to_the_extension_reads_a_secret(tmp_path: Path) -> None:
    body = 'http.Get("http://localhost:2773/secretsmanager/get?secretId=" + os.Getenv("SECRET"))'
    assert calls_of(tmp_path, program(body, "net/http", "os")) == [
        "secretsmanager.GetSecretValue SecretId=${env:SECRET}"
    ]


_PARTS = """
type client interface {
    SendMessage(c context.Context, in *sqs.SendMessageInput, o ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}
type sender interface { Send(url string) error }
type queue struct { svc client }
func newClient() *sqs.Client { return sqs.New(sqs.Options{}) }
func newQueue(svc client) (*queue, error) { return &queue{svc}, nil }
func (q *queue) Send(url string) error {
    _, err := q.svc.SendMessage(context.TODO(), &sqs.SendMessageInput{QueueUrl: &url})
    return err
}
type app struct { sender sender }
func newApp(s sender) *app { return &app{s} }
func (a *app) Handle(ctx context.Context) error { return a.sender.Send("q") }
func start(a *app) { lambda.Start(a.Handle) }
"""


@pytest.mark.parametrize(
    ("path", "main"),
    [
        (
            "go.uber.org/fx",
            "fx.New(fx.Provide(newApp, newQueue), fx.Options(fx.Provide(newClient)), fx.Invoke(start)).Run()",
        ),
        (
            "go.uber.org/dig",
            "c := dig.New()\nc.Provide(newClient)\nc.Provide(newQueue)\nc.Provide(newApp)\nc.Invoke(start)",
        ),
        (
            "github.com/samber/do",
            "i := do.New()\n"
            "do.Provide(i, func(i *do.Injector) (*queue, error) { return newQueue(newClient()) })\n"
            "do.Provide(i, func(i *do.Injector) (*app, error) { return newApp(do.MustInvoke[sender](i)), nil })\n"
            "start(do.MustInvoke[*app](i))",
        ),
    ],
)
def test_containers_put_objects_together(tmp_path: Path, path: str, main: str) -> None:
    source = program("", "sqs", path, handler=_PARTS).replace("lambda.Start(handle)", main)
    assert calls_of(tmp_path, source) == ["sqs.SendMessage QueueUrl=q"]


def test_a_handler_that_is_not_known_is_told(tmp_path: Path) -> None:
    source = program("", "github.com/someone/container").replace("lambda.Start(handle)", "container.Run(start)")
    source += "\nfunc start(h func(context.Context) error) { lambda.Start(h) }"
    whats = [unseen.what for unseen in report_of(tmp_path, source).unseen]
    assert any("started as the handler" in what for what in whats)


def test_a_field_without_a_tag_is_named_behind_the_prefix(tmp_path: Path) -> None:
    handler = """
    type settings struct { QueueUrl string; DeadLetters string `split_words:"true"` }
    var svc = sqs.New(sqs.Options{})
    """
    body = """
    s := settings{}
    envconfig.MustProcess("app", &s)
    svc.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &s.QueueUrl, MessageBody: &s.DeadLetters})
    """
    found = calls_of(tmp_path, program(body, "sqs", "github.com/kelseyhightower/envconfig", handler=handler))
    assert found == ["sqs.SendMessage QueueUrl=${env:APP_QUEUEURL} MessageBody=${env:APP_DEAD_LETTERS}"]


def test_names_and_defaults_of_one_tag(tmp_path: Path) -> None:
    handler = """
    type settings struct { Url string `env:"QUEUE, default=q, required"` }
    var svc = sqs.New(sqs.Options{})
    """
    body = "s := settings{}\nenvconfig.Process(ctx, &s)\nsvc.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &s.Url})"
    found = calls_of(tmp_path, program(body, "sqs", "github.com/sethvargo/go-envconfig", handler=handler))
    assert found == ["sqs.SendMessage QueueUrl=${env:QUEUE}"]


def test_viper_reads_the_environment_where_it_is_bound(tmp_path: Path) -> None:
    body = """
    viper.SetEnvPrefix("app")
    viper.BindEnv("queue")
    viper.BindEnv("other", "OTHER_QUEUE")
    viper.SetDefault("third", "q")
    for _, url := range []string{viper.GetString("queue"), viper.GetString("other"), viper.GetString("third")} {
        svc.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url})
    }
    """
    handler = "var svc = sqs.New(sqs.Options{})"
    found = calls_of(tmp_path, program(body, "sqs", "github.com/spf13/viper", handler=handler))
    assert sorted(found) == [
        "sqs.SendMessage QueueUrl=${env:APP_QUEUE}",
        "sqs.SendMessage QueueUrl=${env:OTHER_QUEUE}",
        "sqs.SendMessage QueueUrl=q",
    ]


def test_viper_fills_a_struct(tmp_path: Path) -> None:
    handler = """
    type settings struct { Url string `mapstructure:"QUEUE_URL"` }
    var svc = sqs.New(sqs.Options{})
    """
    body = """
    v := viper.New()
    v.AutomaticEnv()
    var s settings
    v.Unmarshal(&s)
    svc.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &s.Url})
    """
    found = calls_of(tmp_path, program(body, "sqs", "github.com/spf13/viper", handler=handler))
    assert found == ["sqs.SendMessage QueueUrl=${env:QUEUE_URL}"]
