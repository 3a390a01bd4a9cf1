import { isDeepStrictEqual } from 'node:util';
import { readAnswer } from './answers.ts';
import { serveCalls } from './calls.ts';
import { type Client, connectClient } from './client.ts';
import { type DialectName, dialects } from './dialects.ts';
import { failuresOf } from './failures.ts';
import type { FormName } from './forms.ts';
import { createKeys } from './keys.ts';
import { createLatencies, type Latencies, type StreamFigures } from './latencies.ts';
import { type Operation, variablesOf } from './operations.ts';
import { hole } from './template.ts';

/** Where a server listens, and how it is spoken to. */
export interface Target {
  readonly port: number;
  readonly dialect: DialectName;
  /** Of each caller; none where it asks for none. */
  readonly tokens: readonly string[];
}

/** Clients that ask for one thing again and again, each as soon as it has its answer. */
export interface Stream {
  readonly operation: Operation;
  readonly clients: number;
  readonly haveEqualKeys: boolean;
  /** The form of its requests: plain unless given. */
  readonly form?: FormName;
}

export interface LoadFigures {
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** In the order of the streams. */
  readonly streams: readonly StreamFigures[];
}

/** What the load generator can be told. */
export type LoadApi = {
  /** Fails where the answer is not the expected one. */
  check(input: { target: Target; stream: Stream }): Promise<void>;
  /** Fails at the first wrong answer: all are compared by status and length, one of sixty-four whole. */
  run(input: { target: Target; streams: readonly Stream[]; seconds: number }): Promise<LoadFigures>;
};

const sampling = 64;

class WrongAnswerError extends Error {
  constructor(operation: Operation, answer: unknown) {
    super(`A wrong answer to ${operation}: ${JSON.stringify(answer)?.slice(0, 600)}`);
  }
}

const compare = (dialect: DialectName, operation: Operation, key: string, body: Buffer): void => {
  const answer = readAnswer(body.toString());
  if (!isDeepStrictEqual(answer, dialects[dialect].expected(operation, key)))
    throw new WrongAnswerError(operation, answer);
};

/** Answers of one kind, which are equally long. */
interface Kind {
  seen: number;
  readonly length: number;
}

/** Looks at answers of one stream. */
const createInspector = (dialect: DialectName, operation: Operation) => {
  const kinds = new Map<string, Kind>();
  return (key: string, status: number, body: Buffer): void => {
    const name = operation === 'failing' ? failuresOf(key) : '';
    const kind = kinds.get(name) ?? { seen: 0, length: body.length };
    if (kind.seen === 0) kinds.set(name, kind);
    if (kind.seen % sampling === 0) compare(dialect, operation, key, body);
    kind.seen += 1;
    if (status !== 200 || body.length !== kind.length) {
      throw new WrongAnswerError(operation, { status, body: body.toString() });
    }
  };
};

const clientOf = (target: Target, { operation, form = 'plain' }: Stream, place: number): Promise<Client> =>
  connectClient(target.port, {
    form,
    document: dialects[target.dialect].documents[operation] ?? '',
    variables: variablesOf(operation, hole),
    token: target.tokens[place % Math.max(1, target.tokens.length)],
    keyLength: createKeys(operation, true)().length,
  });

const runStream = async (target: Target, stream: Stream, until: number): Promise<Latencies> => {
  const { operation, clients, haveEqualKeys } = stream;
  const nextKey = createKeys(operation, haveEqualKeys);
  const inspect = createInspector(target.dialect, operation);
  const latencies = createLatencies();
  const ask = async (_: unknown, place: number): Promise<void> => {
    const client = await clientOf(target, stream, place);
    while (performance.now() < until) {
      const key = nextKey();
      const start = performance.now();
      const { status, body } = await client.ask(key);
      latencies.add(performance.now() - start);
      inspect(key, status, body);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: clients }, ask));
  return latencies;
};

const api: LoadApi = {
  check: async ({ target, stream }) => {
    const { operation } = stream;
    const client = await clientOf(target, stream, 0);
    const key = createKeys(operation, false)();
    const { body } = await client.ask(key);
    compare(target.dialect, operation, key, body);
    client.close();
  },
  run: async ({ target, streams, seconds }) => {
    const start = performance.now();
    const latencies = await Promise.all(
      streams.map((stream) => runStream(target, stream, start + seconds * 1000)),
    );
    return {
      seconds: (performance.now() - start) / 1000,
      streams: latencies.map((each) => each.figures()),
    };
  },
};

serveCalls(api);
