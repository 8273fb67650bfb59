import logging

import aurora_data_api
import watchtower

logger = logging.getLogger("orders")


def handler(event, context):
    logger.addHandler(watchtower.CloudWatchLogHandler(log_group_name="orders", create_log_group=False))  #? logs.CreateLogStream logGroupName=orders & logs.PutLogEvents logGroupName=orders
    logger.info("called")
    with aurora_data_api.connect(aurora_cluster_arn="arn:c", secret_arn="arn:s", database="d") as connection:
        with connection.cursor() as cursor:
            cursor.execute("select 1")  #? rds-data.BeginTransaction & rds-data.ExecuteStatement resourceArn=arn:c secretArn=arn:s & rds-data.CommitTransaction & rds-data.RollbackTransaction
            return cursor.fetchall()
