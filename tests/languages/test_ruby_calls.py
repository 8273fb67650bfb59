"""What Ruby programs call: their classes, blocks, files and libraries, and the AWS SDK for Ruby."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.program_calls import calls, report

SDK = "Aws::DynamoDB::Client.new"


def handled(folder: Path, body: str, before: str = "", **files: str) -> list[str]:
    """The calls of a handler with this body."""
    source = f"{before}\ndef handler(event:, context:)\n{body}\nend\n"
    return calls(folder, {"app.rb": source, **{name.replace("__", "/") + ".rb": text for name, text in files.items()}},
                 "handler")  # fmt: skip


@pytest.mark.parametrize("made", [
    "CLIENT = {sdk}\ndef client = CLIENT",
    "$client = {sdk}\ndef client = $client",
    "def client\n @client ||= {sdk}\nend",
    "def client\n $kept ||= {sdk}\nend",
    "class A\n def self.c\n  @@c ||= {sdk}\n end\nend\ndef client = A.c",
    "class A\n @@c = {sdk}\n def c\n  @@c\n end\nend\ndef client = A.new.c",
    "class A\n class << self\n  attr_accessor :c\n end\n self.c = {sdk}\nend\ndef client = A.c",
    "module A\n C = {sdk}\n class B\n  def c = C\n end\nend\ndef client = A::B.new.c",
    "class A\n attr_reader :c\n def initialize(c: {sdk})\n  @c = c\n end\nend\ndef client = A.new.c",
    "class A\n include Singleton\n attr_reader :c\n def initialize\n  @c = {sdk}\n end\nend\ndef client = A.instance.c",
    "module Has\n def c = @c ||= {sdk}\nend\nclass A\n include Has\nend\ndef client = A.new.c",
    "module Has\n def c = @c ||= {sdk}\nend\nclass A\n extend Has\nend\ndef client = A.c",
    "module A\n module_function\n def c = {sdk}\nend\ndef client = A.c",
    "A = Struct.new(:c)\ndef client = A.new({sdk}).c",
    "A = Struct.new(:c, keyword_init: true) do\n def d = c\nend\ndef client = A.new(c: {sdk}).d",
    "class P\n def initialize(c)\n  @c = c\n end\nend\nclass A < P\n attr_reader :c\n def initialize\n"
    "  super({sdk})\n end\nend\ndef client = A.new.c",
    "def client = begin\n {sdk}\nrescue StandardError\n nil\nend",
    "def client = {{ a: {sdk} }}.fetch(:a)",
    "def client = [{sdk}].first",
    "CLIENTS = Hash.new {{ |h, k| h[k] = {sdk} }}\ndef client = CLIENTS[:a]",
    "def client = Mutex.new.synchronize {{ {sdk} }}",
    "def with\n yield {sdk}\nend\ndef client = with {{ |c| c }}",
    "def pick(&block) = block.call({sdk})\ndef client = pick {{ |c| c }}",
    "def client\n [1].each {{ |i| return {sdk} }}\n nil\nend",
    "def client = case ENV['X']\nwhen 'a' then {sdk}\nelse {sdk}\nend",
    "def client = {sdk}.tap {{ |c| c }}",
    "MAKE = ->(kind) {{ {sdk} }}\ndef client = MAKE.call(1)",
    "MAKE = ->(kind) {{ {sdk} }}\ndef client = MAKE.(1)",
    "class A\n def method_missing(name, *args) = {sdk}\nend\ndef client = A.new.anything",
    "require 'forwardable'\nclass A\n extend Forwardable\n def_delegators :@c, :get_item\n def initialize\n"
    "  @c = {sdk}\n end\nend\ndef client = A.new",
    "class C < Aws::DynamoDB::Client\nend\ndef client = C.new",
])  # fmt: skip
def test_a_client_is_followed_from_where_it_is_made(made: str, tmp_path: Path) -> None:
    found = handled(tmp_path, "client.get_item(table_name: 't', key: {})", made.format(sdk=SDK))
    assert found == ["dynamodb.GetItem TableName=t Key={}"]


@pytest.mark.parametrize("given", [
    "table_name: 't', key: {}", "{ table_name: 't', key: {} }", "**{ table_name: 't' }, key: {}",
    ":table_name => 't', :key => {}", "params",
])  # fmt: skip
def test_parameters_are_keywords_or_a_hash(given: str, tmp_path: Path) -> None:
    before = "def params = { table_name: 't', key: {} }"
    assert handled(tmp_path, f"{SDK}.get_item({given})", before) == ["dynamodb.GetItem TableName=t Key={}"]


@pytest.mark.parametrize(("name", "shown"), [
    ("ENV['T']", "${env:T}"), ("ENV.fetch('T')", "${env:T}"), ("\"a-#{ENV['T']}\"", "a-${env:T}"),
    ("'a' + ENV['T']", "a${env:T}"), ("format('a-%s', ENV['T'])", "a-${env:T}"), ("'A'.downcase", "a"),
    ("['a', 'b'].join('-')", "a-b"), ("'a-%s' % 'b'", "a-b"), (":a.to_s", "a"), ("'a_b'.gsub('_', '-')", "a-b"),
    ("event['t']", "*"),
])  # fmt: skip
def test_names_are_texts(name: str, shown: str, tmp_path: Path) -> None:
    assert handled(tmp_path, f"{SDK}.scan(table_name: {name})") == [f"dynamodb.Scan TableName={shown}"]


def test_keywords_are_a_hash_where_a_method_takes_one(tmp_path: Path) -> None:
    before = f"def get(options = {{}})\n {SDK}.scan(table_name: options[:name])\nend"
    assert handled(tmp_path, "get(name: 't')", before) == ["dynamodb.Scan TableName=t"]


def test_files_are_required_and_others_are_found_by_their_names(tmp_path: Path) -> None:
    found = handled(
        tmp_path, "Store.new.save\nApp::Deep.save", "require_relative 'lib/store'",
        lib__store=f"class Store\n def save = {SDK}.scan(table_name: 'a')\nend",
        app__deep=f"module App\n class Deep\n  def self.save = {SDK}.scan(table_name: 'b')\n end\nend",
    )  # fmt: skip
    assert found == ["dynamodb.Scan TableName=b", "dynamodb.Scan TableName=a"]


def test_folders_are_required_by_a_pattern(tmp_path: Path) -> None:
    found = handled(
        tmp_path, "scan_it", "Dir[File.join(__dir__, 'lib', '*.rb')].each { |file| require file }",
        lib__a=f"def scan_it\n {SDK}.scan(table_name: 'a')\nend",
    )  # fmt: skip
    assert found == ["dynamodb.Scan TableName=a"]


def test_classes_are_written_again(tmp_path: Path) -> None:
    found = handled(
        tmp_path, "A::B.new.one\nA::B.new.two", "require_relative 'one'\nrequire_relative 'two'",
        one=f"module A\n class B\n  def one = {SDK}.scan(table_name: 'a')\n end\nend",
        two=f"module A\n class B\n  def two = {SDK}.scan(table_name: 'b')\n end\nend",
    )  # fmt: skip
    assert found == ["dynamodb.Scan TableName=a", "dynamodb.Scan TableName=b"]


def test_a_handler_may_be_a_method_of_a_class(tmp_path: Path) -> None:
    source = f"module A\n class B\n  def self.call(event:, context:)\n   {SDK}.scan(table_name: 'a')\n  end\n end\nend"
    assert calls(tmp_path, {"app.rb": source}, "A::B.call") == ["dynamodb.Scan TableName=a"]


def test_what_a_file_runs_as_a_program_is_not_run(tmp_path: Path) -> None:
    before = f"if __FILE__ == $0\n {SDK}.scan(table_name: 'a')\nend"
    assert handled(tmp_path, "1", before) == []


def test_a_missing_handler_is_told(tmp_path: Path) -> None:
    found = report(tmp_path, {"app.rb": "def other(event:, context:)\nend"}, "handler")
    assert [one.code for one in found.findings] == ["handler-missing"]


def test_unknown_values_may_be_clients(tmp_path: Path) -> None:
    before = "require 'aws-sdk-dynamodb'\ndef handler(event:, context:)"
    source = f"{before}\n Other.client.put_item(table_name: 'a', item: {{}})\n{SDK}\nend"
    found = report(tmp_path, {"app.rb": source}, "handler")
    assert found.calls == ()
    assert any("dynamodb:*" in one.may_call for one in found.unseen)


def test_a_gem_that_is_not_read_is_told(tmp_path: Path) -> None:
    found = report(
        tmp_path, {"app.rb": "require 'some_gem'\nrequire 'json'\ndef handler(event:, context:)\nend"}, "handler"
    )
    assert [one.what for one in found.unseen] == [
        "scopedown did not read some_gem, and no lock file lists its dependencies"
    ]


# the SDK


@pytest.mark.parametrize(("code", "expected"), [
    ("Aws::S3::Bucket.new('b').object('k').get", ["s3.GetObject Bucket=b Key=k"]),
    ("Aws::S3::Resource.new.bucket('b').object('k').put(body: 'x')", ["s3.PutObject Bucket=b Key=k Body=x"]),
    ("Aws::S3::Object.new('b', 'k').upload_file('f', acl: 'private')", ["s3.PutObject ACL=private Bucket=b Key=k"]),
    ("Aws::S3::Object.new(bucket_name: 'b', key: 'k').presigned_url(:put)", ["s3.PutObject Bucket=b Key=k"]),
    ("Aws::S3::Object.new('b', 'k').exists?", ["s3.HeadObject Bucket=b Key=k"]),
    ("Aws::S3::Object.new('b', 'k').copy_from('c/d')", ["s3.CopyObject Bucket=b Key=k CopySource=c/d"]),
    ("Aws::S3::Bucket.new('b').objects(prefix: 'p').each { |o| o.delete }",
     ["s3.ListObjects Bucket=b Prefix=p", "s3.DeleteObject Bucket=b Key=*"]),
    ("Aws::S3::Presigner.new.presigned_url(:get_object, bucket: 'b', key: 'k')", ["s3.GetObject Bucket=b Key=k"]),
    ("Aws::DynamoDB::Resource.new.table('t').put_item(item: { a: 1 })",
     ["dynamodb.PutItem TableName=t Item={a:1,A:1}"]),
    ("Aws::DynamoDB::Client.new.wait_until(:table_exists, table_name: 't')", ["dynamodb.DescribeTable TableName=t"]),
    ("Aws::SNS::Topic.new('arn:aws:sns:us-east-1:1:t').publish(message: 'm')",
     ["sns.Publish TopicArn=arn:aws:sns:us-east-1:1:t Message=m"]),
    ("Aws::States::Client.new.start_execution(state_machine_arn: 'a')",
     ["stepfunctions.StartExecution stateMachineArn=a"]),
    ("Aws::SES::Client.new(access_key_id: ENV['K'], secret_access_key: 's').get_send_quota", [
        "ses.GetSendQuota as *"]),
    ("Aws::SQS::Client.new.receive_message(queue_url: Aws::SQS::Client.new.get_queue_url(queue_name: 'q').queue_url)",
     ["sqs.ReceiveMessage QueueUrl=https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/q",
      "sqs.GetQueueUrl QueueName=q"]),
    ("Aws::SNS::Client.new(credentials: Aws::AssumeRoleCredentials.new(role_arn: 'r')).list_topics",
     ["sns.ListTopics as r", "sts.AssumeRole RoleArn=r"]),
    ("Aws::RDS::AuthTokenGenerator.new(credentials: nil).auth_token(region: 'r', endpoint: 'e', user_name: 'u')",
     ["rds-db.connect DBHostname=e DBUsername=u Region=r"]),
    ("Aws::S3::Client.new.list_objects_v2(bucket: 'b').each { |page| page.contents.each { |o| o.key } }",
     ["s3.ListObjectsV2 Bucket=b"]),
])  # fmt: skip
def test_the_sdk(code: str, expected: list[str], tmp_path: Path) -> None:
    assert handled(tmp_path, code) == expected


def test_an_unknown_service_and_an_unknown_operation_are_told(tmp_path: Path) -> None:
    source = "def handler(event:, context:)\n Aws::Nothing::Client.new\n Aws::S3::Client.new.fly\nend"
    what = [one.what for one in report(tmp_path, {"app.rb": source}, "handler").unseen]
    assert [one.partition(" is not known")[0] for one in what] == [
        "the service Aws::Nothing::Client",
        "the operation s3.fly",
    ]


RECORD = """
class Dog
  include Aws::Record
  set_table_name ENV['T']
  string_attr :id, hash_key: true
end
"""


@pytest.mark.parametrize(("code", "expected"), [
    ("Dog.new(id: 1).save", "dynamodb.PutItem TableName=${env:T}"),
    ("Dog.find(id: 1)", "dynamodb.GetItem Key={id:1,Id:1} TableName=${env:T}"),
    ("Dog.scan.each { |d| puts d.id }", "dynamodb.Scan TableName=${env:T}"),
    ("Dog.build_query.key_expr('a').complete!", "dynamodb.Query TableName=${env:T}"),
    ("Dog.new(id: 1).delete!", "dynamodb.DeleteItem TableName=${env:T}"),
])  # fmt: skip
def test_records_are_items_of_a_table(code: str, expected: str, tmp_path: Path) -> None:
    assert handled(tmp_path, code, RECORD) == [expected]


def test_a_record_that_was_read_is_updated(tmp_path: Path) -> None:
    found = handled(tmp_path, "dog = Dog.find(id: 1)\ndog.save!", RECORD)
    assert found == ["dynamodb.GetItem Key={id:1,Id:1} TableName=${env:T}", "dynamodb.UpdateItem TableName=${env:T}"]


def test_routes_of_sinatra_run_behind_rack(tmp_path: Path) -> None:
    files = {
        "app.rb": "require 'rack'\n$app = Rack::Builder.parse_file(\"#{__dir__}/config.ru\").first\n"
        "def handler(event:, context:)\n $app.call({})\nend",
        "config.ru": "require_relative 'server'\nrun Server",
        "server.rb": "require 'sinatra/base'\nclass Server < Sinatra::Base\n def store = Aws::S3::Client.new\n"
        " get '/:id' do |id|\n  store.get_object(bucket: 'b', key: params[:id])\n end\nend",
    }
    assert calls(tmp_path, files, "handler") == ["s3.GetObject Bucket=b Key=*"]


def test_routes_at_the_top_of_a_program_run(tmp_path: Path) -> None:
    before = "require 'sinatra'\nget '/' do\n Aws::S3::Client.new.list_buckets\nend"
    assert handled(tmp_path, "Sinatra::Application.call({})", before) == ["s3.ListBuckets"]


def test_options_behind_the_parameters_are_none(tmp_path: Path) -> None:
    found = handled(tmp_path, "Aws::S3::Client.new.get_object({ bucket: 'b', key: 'k' }, target: '/tmp/x')")
    assert found == ["s3.GetObject Bucket=b Key=k"]


def test_constants_of_harmless_gems_are_no_clients(tmp_path: Path) -> None:
    body = "Redis.new.publish(event['a'], event['b'])\nSlack::Web::Client.new.get_object(event)"
    files = {
        "app.rb": f"require 'redis'\nrequire 'aws-sdk-s3'\ndef handler(event:, context:)\n{body}\nend",
        "Gemfile.lock": "GEM\n  remote: https://rubygems.org/\n  specs:\n    redis (5.0)\n    slack-ruby-client (2)\n",
    }
    assert report(tmp_path, files, "handler").unseen == ()


@pytest.mark.parametrize("code", ["eval(event['x'])", "Aws::S3::Client.new.send(event['m'], {})"])
def test_what_is_not_followed_is_told(code: str, tmp_path: Path) -> None:
    source = f"require 'aws-sdk-s3'\ndef handler(event:, context:)\n {code}\nend"
    assert report(tmp_path, {"app.rb": source}, "handler").unseen


def test_a_module_that_a_file_includes_has_its_methods_everywhere(tmp_path: Path) -> None:
    before = """
        module Store
          def table; 'a'; end
          def save; Aws::DynamoDB::Client.new.put_item(table_name: table); end
        end
        include Store
        """
    assert handled(tmp_path, "1", before) == []
    assert handled(tmp_path, "save", before) == handled(tmp_path, "Store.save", before) != []
