import { EventBridge } from '@aws-sdk/client-eventbridge';

export default () => new EventBridge({}).listEventBuses({}); //? events.ListEventBuses
