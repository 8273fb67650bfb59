export { handler as open } from './open';
export { handler as listMine } from './listMine';
export { handler as close } from './close';
export { handler as escalate } from './escalate';
