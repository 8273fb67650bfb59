import { PrismaClient } from '@prisma/client';
import knex from 'knex';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { DynamoDB } from '@aws-sdk/client-dynamodb';

const pool = new pg.Pool();
const db = knex({ client: 'pg' });
const prisma = new PrismaClient();
const source = new DataSource({ type: 'postgres' });

export const handler = async (event) => {
  await pool.query('SELECT 1');
  await pool.executeStatement({ Statement: 'SELECT 1' });
  await db('users').where({ id: 1 }).delete();
  await prisma.user.delete({ where: { id: 1 } });
  await prisma.user.update({ where: { id: 1 }, data: {} });
  await prisma.$transaction([]);
  const users = source.getRepository('User');
  await users.query('SELECT 1');
  await users.transactWrite({ TransactItems: [] });
  return users.delete(DynamoDB.name);
};
