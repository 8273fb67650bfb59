type Options = { private?: boolean };

export class Api {
  static readonly root = '/v1';
  events: object[] = [];
  constructor(private readonly owner: string) {}

  get(path: string, options: Options = {}) {
    return this.add('get', path, options);
  }

  post(path: string, options?: Options) {
    return this.add('post', path, options);
  }

  private add(method: string, path: string, { private: closed = false }: Options = {}) {
    this.events.push({ http: { method, path: `${Api.root}${path}`, private: closed, documentation: this.owner } });
    return this;
  }
}
