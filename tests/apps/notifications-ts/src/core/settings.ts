function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

export const settings = {
  subscribersTable: required('SUBSCRIBERS_TABLE'),
  outboxUrl: required('OUTBOX_URL'),
  alertsTopic: required('ALERTS_TOPIC_ARN'),
} as const;
