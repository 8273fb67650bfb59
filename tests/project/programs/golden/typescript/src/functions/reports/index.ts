import { handlerPath } from '@libs/handler-path';

const handler = `${handlerPath(__dirname)}/handler.main`;
const hours: readonly number[] = [6, 18];

export const report = {
  handler,
  timeout: 900,
  events: hours.map((hour) => ({ schedule: { rate: [`cron(0 ${hour} * * ? *)`], enabled: true } })),
};
