import type { CallInput, Endpoint } from './endpoint.ts';

/** A read of one thing by its key. */
export interface KeyedEndpoint extends Endpoint {
  readonly effect: 'read';
  readonly key: object;
}

/** The key of a read, by the names of its parts. */
export type KeyOf<E extends KeyedEndpoint> = { readonly [Part in keyof E['key']]: string } & (E extends {
  readonly filter: infer Filter;
}
  ? { readonly [Part in keyof Filter]?: string | undefined }
  : unknown);

type Key = Readonly<Record<string, string | undefined>>;

/** What an endpoint makes of a key. Other properties of the key are ignored. */
export interface KeyReader {
  /** Returns the same name for equal keys, and different names for others. */
  nameOf(key: object): string;
  inputOf(key: object): CallInput;
  /** Whether an object has all parts of the key. */
  isKey(known: object): boolean;
}

type Parts = readonly (readonly [part: string, name: string])[];

const partsOf = (names: object = {}): Parts => Object.entries(names as Readonly<Record<string, string>>);

/** Returns what reads the values of a request from a key. Most keys have one part. */
const readValues = (parts: Parts): ((key: object) => Key) => {
  const [first, ...more] = parts;
  if (first === undefined) return () => ({});
  if (more.length > 0)
    return (key) => Object.fromEntries(parts.map(([part, name]) => [name, (key as Key)[part]]));
  const [part, name] = first;
  return (key) => ({ [name]: (key as Key)[part] });
};

const nameOf = (parts: Parts): KeyReader['nameOf'] => {
  const [first, ...more] = parts;
  if (first === undefined) return () => '';
  const [part] = first;
  if (more.length === 0) return (key) => (key as Key)[part] ?? '';
  return (key) => JSON.stringify(parts.map(([name]) => (key as Key)[name]));
};

const createKeyReader = ({ path, key, filter }: KeyedEndpoint): KeyReader => {
  const required = partsOf(key);
  const parts = [...required, ...partsOf(filter)];
  const isInPath = ([, name]: Parts[number]): boolean => path.includes(`{${name}}`);
  const inBody = parts.filter((part) => !isInPath(part));
  const paramsOf = readValues(parts.filter(isInPath));
  const bodyOf = inBody.length === 0 ? undefined : readValues(inBody);
  return {
    nameOf: nameOf(parts),
    inputOf: (given) => {
      const params = paramsOf(given);
      return (bodyOf ? { params, body: bodyOf(given) } : { params }) as CallInput;
    },
    isKey: (known) => required.every(([part]) => typeof (known as Key)[part] === 'string'),
  };
};

const readers = new WeakMap<KeyedEndpoint, KeyReader>();

export const keyReaderOf = (endpoint: KeyedEndpoint): KeyReader => {
  const known = readers.get(endpoint);
  if (known) return known;
  const made = createKeyReader(endpoint);
  readers.set(endpoint, made);
  return made;
};

export const isKeyed = (endpoint: Endpoint): endpoint is KeyedEndpoint =>
  endpoint.key !== undefined && endpoint.effect === 'read';
