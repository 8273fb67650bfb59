"""The graph of a project: what is one node, what stands on a line, and in which order it stands."""

from __future__ import annotations

import random
from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.project.load import Options, load_project
from scopedown.report.graph import _ordered, graph_of
from scopedown.report.model import Edge, Graph, Node
from scopedown.scan import scan

CODE = """\
import boto3, os
table = boto3.resource("dynamodb").Table(os.environ["NOTES"])
def read(event, context):
    table.get_item(Key=event)
    table.query(IndexName="byOwner")
    boto3.client("s3").put_object(Bucket="photos", Key=event["key"])
def send(event, context):
    table.get_item(Key=event)
    boto3.client("sqs").send_message(QueueUrl=event["queue"], MessageBody="")
"""
SERVICE = """\
service: s
provider: {name: aws, runtime: python3.12, environment: {NOTES: !Ref Notes}}
functions:
  read: {handler: app.read, events: [{http: GET /a}, {http: {method: post, path: b}}, {schedule: rate(1 hour)}]}
  send: {handler: app.send, events: [{http: GET /c}, {sqs: {arn: !GetAtt Jobs.Arn}}]}
resources:
  Resources:
    Notes: {Type: AWS::DynamoDB::Table}
    Jobs: {Type: AWS::SQS::Queue}
"""


def graph(folder: Path) -> Graph:
    (folder / "app.py").write_text(CODE)
    (folder / "serverless.yml").write_text(SERVICE)
    found = scan(load_project(folder, Options()), catalog())
    return graph_of(found.project, found.functions, catalog())


def lines(found: Graph, settings: bool = False) -> set[tuple[str, str, tuple[str, ...]]]:
    label = {node.id: node.label for node in found.nodes}
    return {(label[one.source], label[one.target], one.labels) for one in found.edges if settings or not one.setting}


def test_a_table_and_its_indexes_are_one_node_and_a_bucket_and_its_keys_too(tmp_path: Path) -> None:
    found = lines(graph(tmp_path))
    assert ("read", "Notes", ("dynamodb:GetItem", "dynamodb:Query")) in found
    assert ("read", "photos", ("s3:PutObject",)) in found
    assert ("send", "Notes", ("dynamodb:GetItem",)) in found


def test_events_of_one_sender_are_one_node_with_their_routes_on_the_lines(tmp_path: Path) -> None:
    found = lines(graph(tmp_path))
    assert ("HTTP", "read", ("GET /a", "POST b")) in found and ("HTTP", "send", ("GET /c",)) in found
    assert ("schedule", "read", ("rate(1 hour)",)) in found
    assert ("Jobs", "send", ()) in found


def test_a_resource_of_which_nothing_is_known_is_told_so(tmp_path: Path) -> None:
    unknown = [node for node in graph(tmp_path).nodes if node.unknown]
    assert [(node.label, node.type) for node in unknown] == [("unresolved", "sqs")]


def test_each_line_has_what_its_actions_do(tmp_path: Path) -> None:
    found = graph(tmp_path)
    label = {node.id: node.label for node in found.nodes}
    does = {(label[one.source], label[one.target]): one.access for one in found.edges if not one.setting}
    assert does["read", "Notes"] == "r" and does["read", "photos"] == "w" and does["HTTP", "read"] == ""


def test_what_only_settings_need_is_marked(tmp_path: Path) -> None:
    found = graph(tmp_path)
    settings = {target for _, target, labels in lines(found, settings=True) - lines(found)}
    assert settings == {"log-group:/aws/lambda/s-dev-read", "log-group:/aws/lambda/s-dev-send", "Jobs"}


def crossings(columns: list[list[Node]], edges: list[Edge]) -> int:
    place = {node.id: at for column in columns for at, node in enumerate(column)}
    pairs = [(place[one.source], place[one.target], one.source[0]) for one in edges]
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 and a[2] == b[2] for n, a in enumerate(pairs) for b in pairs[n + 1 :])


def test_the_order_leaves_far_fewer_crossings_than_a_random_one() -> None:
    drawn = random.Random(3)
    columns = [[Node(f"{kind}{n}", kind, str(n)) for n in range(30)] for kind in "efr"]
    # Each node is near its own number; the columns come shuffled.
    edges = [
        Edge(f"{a}{n}", f"{b}{min(29, max(0, n + d))}", ()) for a, b in ("ef", "fr") for n in range(30) for d in (0, 1)
    ]
    for column in columns:
        drawn.shuffle(column)
    before = crossings(columns, edges)
    ordered = _ordered([list(column) for column in columns], edges)
    assert crossings(ordered, edges) < before / 4
    assert [sorted(node.id for node in column) for column in ordered] == [
        sorted(node.id for node in column) for column in columns
    ]


def test_the_same_project_gives_the_same_graph(tmp_path: Path) -> None:
    assert graph(tmp_path) == graph(tmp_path)
