/** A request that a client sent. */
export interface Sent {
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A gateway that a client uses over HTTP, on a sandbox of the test. */
export interface Running {
  readonly url: string;
  /** Lets all further reads of notes fail. */
  failNotes(): void;
  /** Lets all further reads of notes take longer than others. */
  slowNotes(): void;
  /** The SSN of the account, as this caller sees it. */
  readonly ssn: RegExp;
  /** What clients have sent so far. */
  readonly sent: readonly Sent[];
  /** Executes the next request, and closes its connection without a response. */
  loseNextResponse(): void;
  /** Asks the gateway without a client. */
  ask(document: string, variables?: object): Promise<unknown>;
}

/** A client that sends ids of documents in a manifest. */
export interface ManifestClient {
  /** The file of the manifest in the project of the clients. */
  readonly manifest: string;
  run(running: Running): Promise<void>;
}

export type ManifestClients = Readonly<Record<'Apollo Client' | 'urql' | 'Relay', ManifestClient>>;
