"""Fetches yesterday's figures, writes them as a report, and says how long that took."""

import os
import time
from datetime import date, timedelta
from pathlib import Path

import boto3

import collect.figures as figures

BUCKET = os.environ["REPORTS_BUCKET"]
s3 = boto3.resource("s3")
cloudwatch = boto3.client("cloudwatch")


def _previous(day):
    template = Path("/tmp/template.csv")
    s3.meta.client.download_file(BUCKET, "templates/daily.csv", str(template))
    return template.read_text()


def run(event, context):
    started = time.monotonic()
    day = date.today() - timedelta(days=1)
    report = Path(f"/tmp/{day}.csv")
    report.write_text(_previous(day) + figures.of(day))

    s3.Bucket(BUCKET).upload_file(str(report), f"daily/{day:%Y/%m}/{report.name}")
    cloudwatch.put_metric_data(
        Namespace=os.environ["METRICS_NAMESPACE"],
        MetricData=[{"MetricName": "Duration", "Value": time.monotonic() - started, "Unit": "Seconds"}],
    )
    return {"account": boto3.client("sts").get_caller_identity()["Account"], "day": str(day)}
