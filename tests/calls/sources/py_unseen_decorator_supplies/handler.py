import os

import boto3
from workflow_engine import durable, step, workflow

ecs = boto3.client("ecs")


@step
def start(scope, cluster, task):
    scope.logger.info("starting")
    ecs.run_task(cluster=cluster, taskDefinition=task)  #? ecs.RunTask cluster=env:CLUSTER taskDefinition=env:TASK


@durable(retries=3)
def stop(scope, cluster, *, reason):
    ecs.stop_task(cluster=cluster, task=scope.task, reason=reason)  #? ecs.StopTask cluster=env:CLUSTER reason=done


@step
def look(cluster, tasks=None):
    ecs.list_tasks(cluster=cluster)  #? ecs.ListTasks cluster=env:CLUSTER


@workflow
def handler(event, scope):
    scope.run(start(os.environ["CLUSTER"], os.environ["TASK"]))
    scope.run(look(os.environ["CLUSTER"]))
    scope.run(stop(os.environ["CLUSTER"], reason="done"))
