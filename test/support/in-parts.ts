import fc from 'fast-check';
import {
  type DirectiveNode,
  type FieldNode,
  type GraphQLSchema,
  getNullableType,
  isListType,
  Kind,
  parse,
  print,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

type Path = readonly (string | number)[];

export interface ShownError {
  readonly message: string;
  readonly path?: Path;
  readonly extensions?: { readonly code?: string };
}

export interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly ShownError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly hasNext?: boolean;
  readonly pending?: readonly { readonly id: string; readonly path: Path; readonly label?: string }[];
  readonly incremental?: readonly {
    readonly id?: string;
    readonly path?: Path;
    readonly label?: string;
    readonly data?: unknown;
    readonly items?: readonly unknown[] | null;
    readonly errors?: readonly ShownError[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly completed?: readonly { readonly id: string; readonly errors?: readonly ShownError[] }[];
}

export interface MergedResult {
  readonly data: unknown;
  readonly errors: readonly ShownError[];
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Whether a fragment or a list failed as a whole. */
  readonly hasFailed: boolean;
}

type Container = Record<string | number, unknown>;

const isObject = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Null is for an error, which holds wherever the same field is selected. */
const merge = (one: unknown, other: unknown): unknown => {
  if (one === undefined) return other;
  if (other === undefined) return one;
  if (!isObject(one) || !isObject(other)) return one === null ? one : other;
  if (Array.isArray(one))
    return one.map((item, index) => merge(item, (other as unknown as unknown[])[index]));
  // Nothing that a client names has another meaning.
  const merged = new Map(Object.entries(one));
  for (const [key, value] of Object.entries(other)) merged.set(key, merge(merged.get(key), value));
  return Object.fromEntries(merged);
};

/** Merges the payloads of a response as clients do. */
export const mergePayloads = (payloads: readonly Payload[]): MergedResult => {
  const root: Container = {};
  const errors: ShownError[] = [];
  let extensions = {};
  let hasFailed = false;
  const announced = new Map<string, Path>();
  const lengths = new Map<string, number>();

  /** Below what is null for another fragment of the same object there is nothing. */
  const at = (path: Path): unknown => {
    let value: unknown = root['data'];
    for (const key of path) value = isObject(value) ? value[key] : value === null ? null : undefined;
    return value;
  };
  const put = (path: Path, value: unknown): void => {
    const [last, parent] = path.length === 0 ? ['data', root] : [path.at(-1) ?? '', at(path.slice(0, -1))];
    if (parent === null) return;
    if (!isObject(parent)) throw new Error(`Nothing is at ${JSON.stringify(path)}.`);
    Object.defineProperty(parent, last, {
      value: merge(parent[last], value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  const addItems = (path: Path, from: number, items: readonly unknown[]): void => {
    const list = at(path);
    if (list === null) return;
    if (!Array.isArray(list)) throw new Error(`No list is at ${JSON.stringify(path)}.`);
    for (const [index, item] of items.entries()) {
      // Otherwise a client would see a list with holes.
      if (from + index > list.length) throw new Error(`${JSON.stringify(path)} has a hole.`);
      list[from + index] = item;
    }
  };

  for (const [index, payload] of payloads.entries()) {
    if (payload.hasNext !== undefined && payload.hasNext !== index < payloads.length - 1) {
      throw new Error(`hasNext is ${payload.hasNext} in part ${index} of ${payloads.length}.`);
    }
    if (payload.data !== undefined) root['data'] = structuredClone(payload.data);
    for (const { id, path } of payload.pending ?? []) announced.set(id, path);
    errors.push(...(payload.errors ?? []));
    extensions = { ...extensions, ...payload.extensions };
    for (const part of payload.incremental ?? []) {
      const { id, data, items } = part;
      errors.push(...(part.errors ?? []));
      extensions = { ...extensions, ...part.extensions };
      if (data === null || items === null) {
        hasFailed = true;
        continue;
      }
      const path = id === undefined ? part.path : announced.get(id);
      if (!path) throw new Error('A part belongs to nothing that was announced.');
      if (data !== undefined) put(path, data);
      if (!items) continue;
      const list = id === undefined ? path.slice(0, -1) : path;
      const from =
        id === undefined
          ? Number(path.at(-1))
          : (lengths.get(id) ?? (at(list) as unknown[] | null)?.length ?? 0);
      addItems(list, from, items);
      if (id !== undefined) lengths.set(id, from + items.length);
    }
    for (const { errors: own } of payload.completed ?? []) {
      errors.push(...(own ?? []));
      if (own) hasFailed = true;
    }
  }
  return { data: root['data'], errors, extensions, hasFailed };
};

/** The payloads in the body of a response, in whichever type. JSON is one payload. */
export const payloadsIn = (contentType: string, body: string): Payload[] => {
  if (contentType.includes('json')) return [JSON.parse(body) as Payload];
  const texts = contentType.startsWith('multipart/mixed')
    ? body.split(/\r\n---(?:--)?\r?\n?/).map((part) => part.slice(part.indexOf('\r\n\r\n') + 4))
    : body.split('\n\n').flatMap((event) => /^data: (.+)$/m.exec(event)?.[1] ?? []);
  return texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as Payload);
};

const directive = (name: string, given: Readonly<Record<string, string>>): DirectiveNode => {
  const written = Object.entries(given).map(([argument, value]) => `${argument}: ${value}`);
  const suffix = written.length > 0 ? `(${written.join(', ')})` : '';
  const { definitions } = parse(`{ a @${name}${suffix} }`);
  const [operation] = definitions;
  const selection = operation?.kind === Kind.OPERATION_DEFINITION && operation.selectionSet.selections[0];
  const [made] = (selection || undefined)?.directives ?? [];
  if (!made) throw new Error('Expected a directive.');
  return made;
};

/** Adds `@defer` and `@stream` to a query, by numbers that choose where. Conditions use the variable `$yes`. */
export const withDirectives = (schema: GraphQLSchema, query: string, numbers: readonly number[]): string => {
  let at = 0;
  let labels = 0;
  const pick = (count: number): number => {
    const number = numbers[at % numbers.length] ?? 0;
    at += 1;
    return number % count;
  };
  const shared = (): Record<string, string> => {
    const given: Record<string, string> = {};
    if (pick(2) === 0) {
      labels += 1;
      given['label'] = `"l${labels}"`;
    }
    if (pick(5) === 0) given['if'] = ['$yes', 'true', 'false'][pick(3)] ?? 'true';
    return given;
  };
  const added = (node: SelectionNode, made: DirectiveNode): SelectionNode => ({
    ...node,
    directives: [...(node.directives ?? []), made],
  });
  const deferred = (node: SelectionNode): SelectionNode => {
    if (pick(3) > 0) return node;
    if (node.kind !== Kind.FIELD) return added(node, directive('defer', shared()));
    return {
      kind: Kind.INLINE_FRAGMENT,
      selectionSet: { kind: Kind.SELECTION_SET, selections: [node] },
      directives: [directive('defer', shared())],
    };
  };
  const types = new TypeInfo(schema);
  const document = visit(
    parse(query),
    visitWithTypeInfo(types, {
      Field: (node): FieldNode | undefined => {
        const type = types.getType();
        if (!type || !isListType(getNullableType(type)) || pick(2) === 0) return undefined;
        const count: Record<string, string> = pick(3) === 0 ? {} : { initialCount: String(pick(3)) };
        return added(node, directive('stream', { ...shared(), ...count })) as FieldNode;
      },
      SelectionSet: { leave: (node) => ({ ...node, selections: node.selections.map(deferred) }) },
    }),
  );
  return print(document);
};

/** Numbers by which directives are added. */
export const anyChoices = (): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(9999), { minLength: 20, maxLength: 60, size: 'max' });

/** Reads the payloads of a response while they arrive. */
export const openPayloads = (response: Response) => {
  const contentType = response.headers.get('content-type') ?? '';
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const received = (): Payload[] => {
    // The last delimiter may not have arrived.
    const end = text.lastIndexOf(contentType.startsWith('multipart/mixed') ? '\r\n---' : '\n\n');
    return end < 0 ? [] : payloadsIn(contentType, text.slice(0, end));
  };
  return {
    /** Those that have arrived. */
    received,
    /** Reads until they fulfil a condition. */
    until: async (isMet: (payloads: readonly Payload[]) => boolean): Promise<Payload[]> => {
      for (let payloads = received(); ; payloads = received()) {
        if (isMet(payloads)) return payloads;
        const { done, value } = await reader.read();
        if (done) throw new Error(`The body ended: ${text}`);
        text += decoder.decode(value, { stream: true });
      }
    },
    /** Reads all of them. */
    all: async (): Promise<Payload[]> => {
      for (let read = await reader.read(); !read.done; read = await reader.read())
        text += decoder.decode(read.value, { stream: true });
      return payloadsIn(contentType, text);
    },
    cancel: () => reader.cancel(),
  };
};
