"""The AWS SDK for Rust in small programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.rust_programs import calls_of, program, report_of, unseen_of


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            'client.put_item().table_name("a").item("id", AttributeValue::S("x".into())).send().await?;',
            ["dynamodb.PutItem TableName=a Item={id:{S:x}}"],
        ),
        ('client.get_item().set_table_name(Some("a".to_string())).send().await?;', ["dynamodb.GetItem TableName=a"]),
        ('let r = client.scan(); let r = r.table_name("a"); r.send().await?;', ["dynamodb.Scan TableName=a"]),
        ('client.scan().table_name("a");', []),
        (
            'let mut pages = client.query().table_name("a").into_paginator().items().send();\n'
            "while let Some(item) = pages.next().await { println!(\"{:?}\", item?); }",
            ["dynamodb.Query TableName=a"],
        ),
        (
            'client.wait_until_table_exists().table_name("a").wait(limit).await?;',
            ["dynamodb.DescribeTable TableName=a"],
        ),
        (
            "let put = Put::builder().table_name(\"a\").build()?;\n"
            "let item = TransactWriteItem::builder().put(put).build();\n"
            "client.transact_write_items().transact_items(item).send().await?;",
            ["dynamodb.TransactWriteItems TransactItems={Put:{TableName:a}}"],
        ),
        (
            'client.batch_write_item().request_items("a", vec![WriteRequest::builder().build()]).send().await?;',
            ["dynamodb.BatchWriteItem RequestItems={a:[{}]}"],
        ),
        (
            "let input = aws_sdk_dynamodb::operation::get_item::GetItemInput::builder().table_name(\"a\");\n"
            "input.send_with(client).await?;",
            ["dynamodb.GetItem TableName=a"],
        ),
        (
            'let (x, y) = tokio::join!(client.scan().table_name("a").send(), client.scan().table_name("b").send());',
            ["dynamodb.Scan TableName=a", "dynamodb.Scan TableName=b"],
        ),
        (
            'for name in ["a", "b"] { client.scan().table_name(name).send().await?; }',
            ["dynamodb.Scan TableName=a", "dynamodb.Scan TableName=b"],
        ),
        (
            'let client = client.clone();\ntokio::spawn(async move { client.scan().table_name("a").send().await });',
            ["dynamodb.Scan TableName=a"],
        ),
    ],
)  # fmt: skip
def test_what_requests_call(body: str, expected: list[str], tmp_path: Path) -> None:
    assert calls_of(tmp_path, program(body)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('&std::env::var("T").unwrap()', "TableName=${env:T}"),
        ('std::env::var("T").unwrap_or_else(|_| "a".to_string())', "TableName=${env:T}"),
        ('format!("{}-{stage}", std::env::var("T")?, stage = "dev")', "TableName=${env:T}-dev"),
        ("TABLE", "TableName=b"),
        ("&*LAZY", "TableName=${env:L}"),
        ("table()", "TableName=c"),
        ('CELL.get_or_init(|| async { "d".to_string() }).await', "TableName=d"),
        ("&Settings::from_env().table", "TableName=${env:S}"),
        ('match std::env::var("T") { Ok(name) => name, Err(_) => return Ok(json!({})) }', "TableName=${env:T}"),
        ('event.payload["table"].as_str().unwrap()', "TableName=*"),
    ],
)
def test_where_a_name_comes_from(text: str, expected: str, tmp_path: Path) -> None:
    beside = """
    use once_cell::sync::Lazy;
    use tokio::sync::OnceCell;
    const TABLE: &str = "b";
    static LAZY: Lazy<String> = Lazy::new(|| std::env::var("L").expect("L"));
    static CELL: OnceCell<String> = OnceCell::const_new();
    fn table() -> &'static str { "c" }
    struct Settings { table: String }
    impl Settings { fn from_env() -> Self { Self { table: std::env::var("S").unwrap() } } }
    """
    found = calls_of(tmp_path, program(f"client.scan().table_name({text}).send().await?;", beside=beside))
    assert found == [f"dynamodb.Scan {expected}"]


def test_a_trait_leads_to_what_implements_it(tmp_path: Path) -> None:
    files = {
        "src/store.rs": """
        use aws_sdk_dynamodb::Client;
        #[async_trait::async_trait]
        pub trait Store { async fn all(&self); async fn first(&self) { self.all().await; } }
        pub struct Table { client: Client, name: String }
        impl Table { pub fn new(client: &Client) -> Self { Self { client: client.clone(), name: "a".into() }}}
        #[async_trait::async_trait]
        impl Store for Table {
            async fn all(&self) { self.client.scan().table_name(&self.name).send().await; }
        }
        """
    }
    beside = "mod store;\nuse store::{Store, Table};\nasync fn read(s: &dyn Store) { s.first().await; }"
    body = "let s = Box::new(Table::new(client)); read(&*s).await;"
    assert calls_of(tmp_path, program(body, beside=beside), files) == [
        "dynamodb.Scan TableName=a"
    ]  # fmt: skip


def test_a_trait_adds_methods_to_the_client(tmp_path: Path) -> None:
    beside = """
    trait Items { async fn all(&self); }
    impl Items for Client { async fn all(&self) { self.scan().table_name("a").send().await; } }
    """
    assert calls_of(tmp_path, program("client.all().await;", beside=beside)) == ["dynamodb.Scan TableName=a"]


def test_a_method_of_a_value_of_unknown_type_is_that_of_its_name(tmp_path: Path) -> None:
    beside = """
    struct Order { id: String }
    impl Order { async fn save(&self, c: &Client) { c.put_item().table_name("a").send().await; } }
    """
    body = "let order: Value = serde_json::from_value(event.payload)?; order.save(client).await;"
    assert calls_of(tmp_path, program(body, beside=beside)) == ["dynamodb.PutItem TableName=a"]


def test_modules_of_a_crate_are_found(tmp_path: Path) -> None:
    files = {
        "src/db/mod.rs": "mod read;\npub use read::read_all;\npub mod names;\n",
        "src/db/read.rs": """
        use super::names::*;
        pub async fn read_all(c: &crate::Client) { c.scan().table_name(TABLE).send().await; inner::more(c).await; }
        mod inner { use super::*; pub async fn more(c: &crate::Client) { c.scan().table_name(OTHER).send().await; } }
        """,
        "src/db/names.rs": 'pub const TABLE: &str = "a"; pub const OTHER: &str = "b";',
    }
    assert calls_of(tmp_path, program("db::read_all(client).await;", beside="mod db;"), files) == [
        "dynamodb.Scan TableName=a", "dynamodb.Scan TableName=b",
    ]  # fmt: skip


def test_the_library_of_a_package_and_one_by_a_path_are_found(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": '[package]\nname = "my-app"\n[dependencies]\nshared-db = { path = "../../shared" }\n',
        "src/lib.rs": "pub mod util { pub fn name() -> &'static str { shared_db::TABLE } }",
    }
    (tmp_path / ".git").mkdir()
    (tmp_path / "shared" / "src").mkdir(parents=True)
    (tmp_path / "shared" / "Cargo.toml").write_text('[package]\nname = "shared-db"\n')
    (tmp_path / "shared" / "src" / "lib.rs").write_text('pub const TABLE: &str = "a";')
    body = "client.scan().table_name(my_app::util::name()).send().await?;"
    assert calls_of(tmp_path / "functions" / "one", program(body), files) == ["dynamodb.Scan TableName=a"]


def test_clients_are_made_of_a_configuration(tmp_path: Path) -> None:
    body = """
    let shared = aws_config::from_env().region("eu-west-1").load().await;
    let conf = aws_sdk_sqs::config::Builder::from(&shared).endpoint_url("https://other").build();
    let queue = aws_sdk_sqs::Client::from_conf(conf);
    queue.send_message().queue_url("u").send().await?;
    """
    assert calls_of(tmp_path, program(body)) == ["sqs.SendMessage QueueUrl=u $region=eu-west-1"]


def test_another_roles_credentials_are_said(tmp_path: Path) -> None:
    body = """
    let role = aws_config::sts::AssumeRoleProvider::builder("arn:aws:iam::1:role/r").build().await;
    let config = aws_config::from_env().credentials_provider(role).load().await;
    aws_sdk_s3::Client::new(&config).get_object().bucket("b").key("k").send().await?;
    """
    calls = report_of(tmp_path, program(body)).calls
    assert [(call.operation, str(call.credentials) if call.credentials else None) for call in calls] == [
        ("AssumeRole", None), ("GetObject", "arn:aws:iam::1:role/r"),
    ]  # fmt: skip


def test_results_name_what_follows(tmp_path: Path) -> None:
    body = """
    let queue = client.get_queue_url().queue_name("q").send().await?;
    client.delete_message().queue_url(queue.queue_url().unwrap_or_default()).send().await?;
    """
    assert calls_of(tmp_path, program(body, "sqs"))[1].startswith("sqs.DeleteMessage QueueUrl=https://sqs.")


def test_presigned_requests_count(tmp_path: Path) -> None:
    body = 'client.put_object().bucket("b").key("k").presigned(PresigningConfig::expires_in(t)?).await?;'
    assert calls_of(tmp_path, program(body, "s3")) == ["s3.PutObject Bucket=b Key=k"]


def test_an_axum_router_calls_its_handlers_with_its_state(tmp_path: Path) -> None:
    source = """
    use axum::{extract::State, routing::{get, post}, Router};
    use std::sync::Arc;
    struct App { db: aws_sdk_dynamodb::Client, table: String }
    async fn list(State(app): State<Arc<App>>) -> String { app.db.scan().table_name(&app.table).send().await; x }
    async fn add(State(app): State<Arc<App>>) -> String { app.db.put_item().table_name(&app.table).send().await; x }
    #[tokio::main]
    async fn main() -> Result<(), lambda_http::Error> {
        let config = aws_config::load_from_env().await;
        let app = Arc::new(App { db: aws_sdk_dynamodb::Client::new(&config), table: std::env::var("T")? });
        let router = Router::new().route("/", get(list).post(add)).with_state(app);
        lambda_http::run(router).await
    }
    """
    assert calls_of(tmp_path, source) == ["dynamodb.Scan TableName=${env:T}", "dynamodb.PutItem TableName=${env:T}"]


def test_a_client_that_is_declared_but_not_known_is_one(tmp_path: Path) -> None:
    source = """
    struct Handler { client: aws_sdk_s3::Client }
    impl tower::Service<Event> for Handler { fn call(&mut self, e: Event) { self.client.list_buckets().send().await; } }
    #[tokio::main] async fn main() { lambda_runtime::run(Handler { client: make().await }).await; }
    """
    assert calls_of(tmp_path, source) == ["s3.ListBuckets"]


def test_what_is_not_followed_is_told(tmp_path: Path) -> None:
    assert unseen_of(tmp_path, program("")) == []
    found = unseen_of(tmp_path, program("acme_store::put(client).await;"))
    assert any(one.startswith("scopedown did not read acme_store") for one in found)
    assert "no_such_operation" in unseen_of(tmp_path, program("client.no_such_operation().send().await;"))[0]
    found = unseen_of(tmp_path, program('let m = mystery(); m.put_item().table_name("a").send().await;'))
    assert any("put_item" in one for one in found)


@pytest.mark.parametrize(
    "body",
    [
        "let put = { let client = client.clone(); move |t: &str| { let client = client.clone(); "
        'client.put_item().table_name(t) } };\nput("a").send().await?;',
        'let c = std::cell::RefCell::new(0);\nclient.with(|db| db.put_item().table_name("a")).send().await?;',
    ],
)
def test_a_name_means_the_outer_one_until_it_is_declared(tmp_path: Path, body: str) -> None:
    assert calls_of(tmp_path, program(body)) == ["dynamodb.PutItem TableName=a"]


def test_a_builder_that_a_macro_derives_hands_on_what_it_holds(tmp_path: Path) -> None:
    beside = """
        #[derive(TypedBuilder)]
        pub struct Save { client: Client, #[builder(setter(into))] table: String }
        impl Save { async fn run(&self) { self.client.put_item().table_name(&self.table).send().await; } }
        """
    body = 'let save = Save::builder().table("a").client(client).build();\nsave.run().await;'
    assert calls_of(tmp_path, program(body, beside=beside)) == ["dynamodb.PutItem TableName=a"]


def test_a_field_and_a_method_of_one_name_are_apart(tmp_path: Path) -> None:
    beside = """
        struct App { query: Client }
        impl App { async fn query(&self) { self.query.scan().table_name("a").send().await; } }
        """
    assert calls_of(tmp_path, program("App { query: client }.query().await;", beside=beside)) == [
        "dynamodb.Scan TableName=a"
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "let mut name = String::from(\"a\");\n"
            "name.push('-');\n"
            "name.push_str(&std::env::var(\"T\")?);\n"
            "name += \"-b\";",
            "a-${env:T}-b",
        ),
        ('let mut name = String::new();\nwrite!(name, "{}-{x}", "a", x = 1)?;', "a-1"),
        ('let mut name = "a".to_string();\nreader.read_to_string(&mut name)?;', "*"),
        ('let mut name = "a".to_string();\nname.truncate(1);', "*"),
        ('let mut name = "a".to_string();\nlet mut other = vec![];\nother.push("x");\nfill(&mut other);', "a"),
        ('let mut held = Held { name: "a".into() };\nheld.name.push_str("b");\nlet name = held.name;', "ab"),
        ('let names = std::collections::HashMap::from([("k", "a")]);\nlet mut name = String::new();\n'
         "for (_, one) in &names { name = one.to_string(); }", "a"),
    ],
)  # fmt: skip
def test_texts_are_changed_in_place(body: str, expected: str, tmp_path: Path) -> None:
    source = program(f"{body}\nclient.scan().table_name(name).send().await?;", beside="struct Held { name: String }")
    assert [call.partition("TableName=")[2] for call in calls_of(tmp_path, source)] == [expected]


def test_a_crate_may_be_used_by_another_name(tmp_path: Path) -> None:
    source = program(
        'let input = Put::builder().table_name("a").build()?;\n'
        "let item = TransactWriteItem::builder().put(input).build();\n"
        "client.transact_write_items().transact_items(item).send().await?;",
        beside="use aws_sdk_dynamodb as db;\nuse db::types::Put;",
    )
    assert calls_of(tmp_path, source) == ["dynamodb.TransactWriteItems TransactItems={Put:{TableName:a}}"]


def test_a_token_of_a_result_names_what_it_was_asked_for(tmp_path: Path) -> None:
    body = """
        let session = client.start_configuration_session().application_identifier(std::env::var("A")?)
            .environment_identifier("e").configuration_profile_identifier("p").send().await?;
        let token = session.initial_configuration_token().unwrap_or_default();
        client.get_latest_configuration().configuration_token(token).send().await?;
        """
    found = report_of(tmp_path, program(body, "appconfigdata")).calls[-1]
    assert found.operation == "GetLatestConfiguration"
    assert {name: str(value) for name, value in found.arguments.items() if name[0] == "$"} == {
        "$ApplicationIdentifier": "${env:A}", "$EnvironmentIdentifier": "e", "$ConfigurationProfileIdentifier": "p",
    }  # fmt: skip
