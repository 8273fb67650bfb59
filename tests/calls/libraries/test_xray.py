"""The X-Ray SDK is transparent."""

from __future__ import annotations

from collections.abc import Callable


def test_captured_functions_and_segments_call_what_they_called(python_report: Callable[..., object]) -> None:
    source = """
        import boto3
        from aws_xray_sdk.core import patch_all, xray_recorder
        patch_all()
        s3 = boto3.client("s3")
        class Store:
            @xray_recorder.capture("list")
            def list(self, bucket):
                return s3.list_objects_v2(Bucket=bucket)
        @xray_recorder.capture()
        def handler(event, context):
            with xray_recorder.in_subsegment("## inner") as segment:
                segment.put_annotation("a", "b")
                Store().list("b")
    """
    report = python_report(source)
    assert [call.name for call in report.calls] == ["s3.ListObjectsV2"]  # type: ignore[attr-defined]
    assert report.not_analysed == ()  # type: ignore[attr-defined]
