// typeorm's entities and a chain that nobody sends.
import { Entity } from 'typeorm';
import { Entity as Electro } from 'electrodb';
const users = new Entity({ table: 'users' });
const items = new Electro({ model: { entity: 'item' }, attributes: {}, indexes: {} }, { table: 'items' });

export const handler = async (event) => {
  await users.get({ id: event.id }).go();
  const chain = items.query.primary({ id: event.id }).where(({ id }, { eq }) => eq(id, 'x'));
  return chain.params();
};
