export abstract class Orders {
  abstract save(id: string): Promise<void>;
  abstract remove(id: string): Promise<void>;
}
