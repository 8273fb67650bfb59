"""Frameworks, traits and caches through which Rust applications reach a client."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from languages.rust_programs import calls_of, program


def test_rocket_calls_its_routes_with_what_it_manages(tmp_path: Path) -> None:
    source = """
        #[macro_use]
        extern crate rocket;
        use rocket::State;
        use lambda_web::{launch_rocket_on_lambda, LambdaError};
        use aws_sdk_dynamodb::Client;
        #[get("/<id>")]
        async fn one(id: &str, client: &State<Client>) -> String {
            client.get_item().table_name("a").send().await.unwrap();
            String::new()
        }
        #[rocket::main]
        async fn main() -> Result<(), LambdaError> {
            let client = Client::new(&aws_config::load_from_env().await);
            launch_rocket_on_lambda(rocket::build().manage(client).mount("/", routes![one])).await
        }
        """
    assert calls_of(tmp_path, source) == ["dynamodb.GetItem TableName=a"]


def test_graphql_gives_its_data_by_type(tmp_path: Path) -> None:
    source = """
        use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Schema};
        use lambda_http::{run, service_fn, Error, Request};
        use aws_sdk_dynamodb::Client;
        struct Query;
        #[Object]
        impl Query {
            async fn user(&self, context: &Context<'_>) -> async_graphql::Result<String> {
                let client = context.data::<Client>()?;
                client.get_item().table_name("a").send().await?;
                Ok(String::new())
            }
        }
        #[tokio::main]
        async fn main() -> Result<(), Error> {
            let client = Client::new(&aws_config::load_from_env().await);
            let schema = Schema::build(Query, EmptyMutation, EmptySubscription).data(client).finish();
            run(service_fn(|request: Request| async { Ok(schema.execute(request.body()).await) })).await
        }
        """
    assert calls_of(tmp_path, source) == ["dynamodb.GetItem TableName=a"]


def test_a_member_of_a_trait_is_that_of_the_type_that_implements_it(tmp_path: Path) -> None:
    beside = """
        trait Entity {
            const TABLE: &'static str;
            fn index() -> String;
            async fn load(client: &Client) -> Result<(), Error> {
                client.query().table_name(Self::TABLE).index_name(Self::index()).send().await?;
                Ok(())
            }
        }
        struct User;
        impl Entity for User {
            const TABLE: &'static str = "users";
            fn index() -> String { std::env::var("I").unwrap() }
        }
        """
    found = calls_of(tmp_path, program("User::load(client).await?;", beside=beside))
    assert found == ["dynamodb.Query TableName=users IndexName=${env:I}"]


def test_a_cache_of_secrets_describes_and_reads_them(tmp_path: Path) -> None:
    body = """
        let cache = aws_secretsmanager_caching::SecretsManagerCachingClient::default(size, ttl).await?;
        cache.get_secret_value(&std::env::var("S")?, None, None, false).await?;
        """
    assert calls_of(tmp_path, program(body)) == [
        "secretsmanager.DescribeSecret SecretId=${env:S}", "secretsmanager.GetSecretValue SecretId=${env:S}",
    ]  # fmt: skip


STATE = """
    use aws_sdk_dynamodb::Client;
    #[derive(Clone)]
    struct Shared { client: Client, table: String }
    impl Shared {
        async fn all(&self) { self.client.scan().table_name(&self.table).send().await.unwrap(); }
        async fn new() -> Self {
            let client = Client::new(&aws_config::load_from_env().await);
            Shared { client, table: std::env::var("T").unwrap() }
        }
    }
    """
ACTIX = """
    use lambda_web::{run_actix_on_lambda, LambdaError};
    use actix_web::{web, App, HttpResponse};
    async fn list(data: web::Data<Shared>) -> HttpResponse { data.all().await; HttpResponse::Ok() }
    #[actix_web::main]
    async fn main() -> Result<(), LambdaError> {
        let state = Shared::new().await;
        let factory = move || App::new().app_data(web::Data::new(state.clone())).route("/", web::get().to(list));
        run_actix_on_lambda(factory).await
    }
    """
GRAPHQL = """
    use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Schema};
    use lambda_http::{run, service_fn, Error, Request};
    struct Query;
    #[Object]
    impl Query {
        async fn all(&self, context: &Context<'_>) -> async_graphql::Result<i32> {
            context.data::<Shared>()?.all().await;
            Ok(1)
        }
    }
    #[tokio::main]
    async fn main() -> Result<(), Error> {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).data(Shared::new().await).finish();
        run(service_fn(|request: Request| async { Ok(schema.execute(request.body()).await) })).await
    }
    """
WARP = """
    use std::sync::Arc;
    use warp::Filter;
    async fn list(state: Arc<Shared>) -> Result<impl warp::Reply, warp::Rejection> { state.all().await; Ok("x") }
    #[tokio::main]
    async fn main() {
        let state = Arc::new(Shared::new().await);
        let routes = warp::any().map(move || state.clone()).and_then(list);
        lambda_web::run_hyper_on_lambda(warp::service(routes)).await.unwrap();
    }
    """
AXUM = """
    use axum::{extract::{FromRef, State}, routing::get, Router};
    use lambda_http::{run, Error};
    #[derive(Clone, FromRef)]
    struct Outer { shared: Shared }
    async fn list(State(shared): State<Shared>) -> String { shared.all().await; String::new() }
    #[tokio::main]
    async fn main() -> Result<(), Error> {
        run(Router::new().route("/", get(list)).with_state(Outer { shared: Shared::new().await })).await
    }
    """


@pytest.mark.parametrize("source", [ACTIX, GRAPHQL, WARP, AXUM])
def test_a_framework_gives_back_the_object_that_the_program_made(source: str, tmp_path: Path) -> None:
    assert calls_of(tmp_path, dedent(STATE) + dedent(source)) == ["dynamodb.Scan TableName=${env:T}"]
