"""What roles really did, by CloudTrail, the guard's records and iamlive, beside what the code needs.

In: log files and a project's scan. Out: for each role and action whether it is needed, granted, used or denied, and
what the logs cannot show.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""
