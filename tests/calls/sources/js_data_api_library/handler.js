const data = require('data-api-client')({
  secretArn: process.env.SECRET_ARN,
  resourceArn: process.env.CLUSTER_ARN,
  database: 'shop',
});

exports.handler = async (event) => {
  await data.query('select * from orders where id = :id', { id: event.id }); //? rds-data.ExecuteStatement resourceArn=env:CLUSTER_ARN secretArn=env:SECRET_ARN
  const later = data.transaction().query('update orders set paid = 1').rollback(() => {});
  await later.commit(); //? rds-data.BeginTransaction resourceArn=env:CLUSTER_ARN & rds-data.ExecuteStatement resourceArn=env:CLUSTER_ARN & rds-data.CommitTransaction resourceArn=env:CLUSTER_ARN & rds-data.RollbackTransaction resourceArn=env:CLUSTER_ARN
};
