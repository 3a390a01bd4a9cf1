/** A subgraph as it is composed. */
export interface Service {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** What composition makes of subgraphs. */
export interface Composed {
  readonly supergraph: string | undefined;
  /** The codes of its errors; empty if it succeeds. */
  readonly errors: readonly string[];
}

export interface RouterReply {
  // A test knows what it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: the shape of `data` is that of each test's own query
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

export interface Router {
  ask(query: string, variables: object, authorization: string | undefined): Promise<RouterReply>;
  stop(): Promise<void>;
}

/** A module of a router, which imports its packages. */
export interface RouterModule {
  readonly compose: (services: readonly Service[]) => Composed;
  readonly startRouter: (supergraph: string) => Promise<Router>;
}
