import os

from sqlalchemy import *
from sqlalchemy.orm import sessionmaker

CLUSTER = "arn:c"

engine = create_engine(  #? rds-data.ExecuteStatement resourceArn=arn:c secretArn=arn:s & rds-data.BatchExecuteStatement resourceArn=arn:c secretArn=arn:s & rds-data.BeginTransaction resourceArn=arn:c secretArn=arn:s & rds-data.CommitTransaction resourceArn=arn:c secretArn=arn:s & rds-data.RollbackTransaction resourceArn=arn:c secretArn=arn:s
    "postgresql+auroradataapi://:@/{}".format(os.environ["DB"]),
    connect_args={"aurora_cluster_arn": CLUSTER, "secret_arn": "arn:s"},
)
Session = sessionmaker(bind=engine)
