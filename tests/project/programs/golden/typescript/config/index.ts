export enum Stage {
  Development = 'dev',
  Production = 'prod',
}

export interface Settings {
  stage: Stage;
  memory?: number;
}

export function tableName(name: string, stage: Stage = Stage.Development): string {
  const parts = ['shop', name, stage];
  return parts.join('-');
}
