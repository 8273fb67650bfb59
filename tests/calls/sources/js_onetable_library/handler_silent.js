// A spreadsheet's Table, with a model that has the same methods.
import { Table } from 'tabular';
const table = new Table({ name: 'x' });
const User = table.getModel('User');

export const handler = async (event) => {
  await User.create({ email: event.email });
  return User.find({ email: event.email });
};
