import { type GraphQLField, getNamedType, isLeafType, isObjectType } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { schema } from '../src/schema/schema.ts';
import { argumentsOf, costOf, ids } from './cost/asked.ts';
import { startGateway } from './support/gateway.ts';

// A normalizing client adds `__typename` and `id` to every object that it asks for. Neither may cost a call.

type Field = GraphQLField<unknown, unknown>;

const fieldsOf = (typeName: string): Field[] => {
  const type = schema.getType(typeName);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
};

const hasId = (typeName: string): boolean => fieldsOf(typeName).some(({ name }) => name === 'id');

/** A way to objects of a type; `%` stands for their selection. */
interface Way {
  readonly typeName: string;
  readonly way: string;
  /** The fields of the way, with their types. Pages are on the way to what is in them. */
  readonly path: readonly string[];
}

/** The length of the longest way. What a field costs depends on the row that its parent was reached by. */
const longest = 4;

/** Two ways of a root field that end alike lead to objects of the same kind, with the same rows. */
const endOf = ({ path }: Way): string => path.slice(-2).join(' ');

/** All ways down from a root field to types with ids, the shortest of those that end alike. */
const waysFrom = (root: Way): Way[] => {
  const seen = new Set<string>();
  const found: Way[] = [];
  const queue = [root];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { typeName, way, path } = next;
    const end = `${endOf(next)} ${typeName}`;
    if (seen.has(end)) continue;
    seen.add(end);
    if (hasId(typeName)) found.push(next);
    if (path.length === longest) continue;
    for (const field of fieldsOf(typeName)) {
      const below = getNamedType(field.type);
      if (isLeafType(below) || below.name === 'PageInfo') continue;
      queue.push({
        typeName: below.name,
        way: way.replace('%', `{ ${field.name}${shortArguments(field)} % }`),
        path: /(?:Connection|Edge)$/.test(typeName) ? path : [...path, `${typeName}.${field.name}`],
      });
    }
  }
  return found;
};

/** Pages of three. */
const shortArguments = (field: Field): string =>
  argumentsOf(
    field,
    () => 0,
    ({ name }) => name === 'first',
  );

const typeOfId = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[0] ?? '';

const waysOfQuery: readonly Way[] = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(
  (field) => {
    const typeName = getNamedType(field.type).name;
    const path = [`Query.${field.name}`];
    if (typeName === 'Node') {
      return ids
        .filter((id) => hasId(typeOfId(id)))
        .map((id) => ({
          typeName: typeOfId(id),
          way: `{ node(id: "${id}") { ... on ${typeOfId(id)} % } }`,
          path,
        }));
    }
    return waysFrom({ typeName, way: `{ ${field.name}${shortArguments(field)} % }`, path });
  },
);

/** The types whose reads depend on all that is selected of them, with fields that decide it. */
const othersOf: Readonly<Record<string, readonly string[]>> = {
  Phone: ['number', 'status', 'type', 'phoneId'],
};

const unlimited = { maxUpstreamCalls: 100_000, maxDepth: 100, maxTokens: 100_000 };

const start = async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return startGateway({ sandbox, operationLimits: unlimited, requestTimeoutMs: 60_000 });
};

const roots = [...new Set(waysOfQuery.map(({ path }) => path[0] ?? ''))];

describe('`id` and `__typename`', () => {
  it('are looked for below every field of Query that leads to an object with an id', () => {
    const types = new Set(waysOfQuery.map(({ typeName }) => typeName));
    const identified = Object.keys(schema.getTypeMap()).filter(hasId);
    expect(roots.length).toBeGreaterThan(10);
    // It is in the model of a vehicle, one step further.
    expect(identified.filter((name) => !types.has(name))).toEqual(['VehicleMake']);
  });

  it.each(roots)('cost no call, whatever else is selected: %s', { timeout: 300_000 }, async (root) => {
    const gateway = await start();
    const calls = async (document: string) => {
      const { reply, cost, made } = await costOf(gateway, document);
      return { made, estimated: cost.upstreamCalls, errors: reply.errors?.map(({ message }) => message) };
    };
    for (const { typeName, way } of waysOfQuery.filter(({ path }) => path[0] === root)) {
      for (const other of ['', ...(othersOf[typeName] ?? [])]) {
        const without = way.replace('%', `{ ${other === '' ? '__typename' : other} }`);
        const withId = way.replace('%', `{ ${other} __typename id }`);
        expect([withId, await calls(withId)]).toEqual([withId, await calls(without)]);
      }
    }
  });
});
