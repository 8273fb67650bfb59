import { S3Client, HeadBucketCommand } from '@aws-sdk/client-s3';

const s3 = new S3Client({});
const of = (Bucket: string) => new HeadBucketCommand({ Bucket });
const names = ['beta', 'alpha', 'gamma'];
const tables = [{ name: 'orders', isLarge: true }, { name: 'users', isLarge: false }];

export const handler = async (event: { tag: string }) => {
  await s3.send(of([...names].sort().join('-'))); //? s3.HeadBucket Bucket=alpha-beta-gamma
  await s3.send(of(names.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))[0])); //? s3.HeadBucket Bucket=alpha|beta|gamma
  await s3.send(of([3, 1, 2].sort((a, b) => (a === 1 ? -1 : 0)).join(''))); //? s3.HeadBucket Bucket=132
  const turned = ['a', 'b'];
  turned.reverse();
  await s3.send(of(turned[0])); //? s3.HeadBucket Bucket=b
  await s3.send(of(names.toReversed()[0])); //? s3.HeadBucket Bucket=gamma
  await s3.send(of(names.filter((name) => name.includes('l')).join(''))); //? s3.HeadBucket Bucket=alpha
  await s3.send(of(tables.find((table) => table.name === 'users')!.name)); //? s3.HeadBucket Bucket=users
  await s3.send(of(tables.find((table) => table.isLarge)!.name)); //? s3.HeadBucket Bucket=orders
  await s3.send(of(tables.filter((table) => table.name === event.tag)[0].name)); //? s3.HeadBucket Bucket=orders|users
  await s3.send(of('b' + names.indexOf('gamma') + names.findIndex((name) => name.startsWith('a')))); //? s3.HeadBucket Bucket=b21
  await s3.send(of('b-' + names.includes('alpha') + '-' + names.some((name) => name === 'delta'))); //? s3.HeadBucket Bucket=b-true-false
  await s3.send(of('b-' + names.every((name) => name.endsWith('a')))); //? s3.HeadBucket Bucket=b-true
  const cut = ['a', 'b', 'c', 'd'];
  const taken = cut.splice(1, 2, 'x');
  await s3.send(of(cut.join('') + taken.join(''))); //? s3.HeadBucket Bucket=axdbc
  await s3.send(of(new Array('a', 'b').fill('z').join(''))); //? s3.HeadBucket Bucket=zz
  await s3.send(of(names.slice(-2, -1)[0])); //? s3.HeadBucket Bucket=alpha
  const mixed = ['c', 'a'];
  if (event.tag) mixed.sort();
  await s3.send(of(mixed[0])); //? s3.HeadBucket Bucket=a|c
};
