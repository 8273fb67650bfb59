import os

import redshift_connector


def handler(event, context):
    redshift_connector.connect(iam=True, cluster_identifier="main", db_user="loader", database="sales")  #? redshift.GetClusterCredentials ClusterIdentifier=main DbUser=loader DbName=sales & redshift.DescribeClusters ClusterIdentifier=main
    redshift_connector.connect(iam=True, is_serverless=True, serverless_work_group="w", database="sales")  #? redshift-serverless.GetCredentials workgroupName=w
    redshift_connector.connect(host="h", user="u", password=os.environ["PASSWORD"], database="sales")
