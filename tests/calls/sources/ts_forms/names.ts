export const Stage = process.env.STAGE!;
export class Bucket {
  static readonly Raw = `raw-${Stage}`;
}
export const tables: Record<string, string> = { main: 'main' };
