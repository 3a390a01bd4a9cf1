import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodegenConfig, generate } from '@graphql-codegen/cli';
import {
  type GraphQLScalarType,
  isAbstractType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  parse,
  visit,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import codegen from '../../codegen.ts';
import { schema } from '../../src/schema/schema.ts';
import { Malformed } from '../../src/values/malformed.ts';
import { root } from '../support/root.ts';
import clientsCodegen from './codegen.ts';

const outputs = z.array(z.object({ filename: z.string(), content: z.string() }));

let files: z.output<typeof outputs> = [];

beforeAll(async () => {
  files = outputs.parse(await generate({ ...codegen, silent: true }, false));
});

const contentOf = (name: string): string => files.find(({ filename }) => filename === name)?.content ?? '';

const manifests = [
  'generated/persisted-documents.json',
  'examples/agent-desk/generated/persisted-documents.json',
];

/** The selection sets of a document without `__typename`. */
const setsWithoutTypename = (document: string): string[] => {
  const found: string[] = [];
  visit(parse(document), {
    SelectionSet: ({ selections }, _, parent) => {
      const isThere = selections.some(
        (selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename',
      );
      const name = parent !== undefined && 'name' in parent ? parent.name?.value : undefined;
      if (!isThere) found.push(name ?? 'a fragment');
      return undefined;
    },
  });
  return found;
};

describe('npm run codegen', () => {
  it.each(manifests)('%s: each selection of each document contains __typename', (name) => {
    const documents = Object.values(z.record(z.string(), z.string()).parse(JSON.parse(contentOf(name))));
    expect(documents.length).toBeGreaterThan(2);
    expect(documents.flatMap(setsWithoutTypename)).toEqual([]);
  });

  it('finds a selection without __typename', () => {
    expect(setsWithoutTypename('{ __typename account(fileNumber: "R1") { status } }')).toEqual(['account']);
  });

  it('writes the members of each union and interface', () => {
    const text = contentOf('generated/possible-types.ts');
    const members = new Map(
      [...text.matchAll(/^ {2}(\w+): \[([^\]]*)\]/gm)].map(([, name = '', list = '']) => [
        name,
        [...list.matchAll(/\w+/g)].map(([member]) => member),
      ]),
    );
    const expected = Object.values(schema.getTypeMap())
      .filter(isAbstractType)
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)] as const);
    expect(expected.length).toBeGreaterThan(20);
    expect(members).toEqual(new Map(expected));
  });

  it('has left nothing stale in generated/ and examples/agent-desk/generated/', () => {
    const stale = files
      .filter(({ filename }) => existsSync(join(root, filename)))
      .filter(({ filename, content }) => readFileSync(join(root, filename), 'utf8') !== content)
      .map(({ filename }) => filename);
    expect(stale, 'The schema or a document has changed. Run `npm run codegen`.').toEqual([]);
  });
});

const direction = z.union([
  z.string().transform((type) => ({ input: type, output: type })),
  z.object({ input: z.string(), output: z.string() }),
]);

const output = z.object({ config: z.object({ scalars: z.record(z.string(), direction) }) });

const scalarsOf = ({ generates }: CodegenConfig) => output.parse(generates['generated/']).config.scalars;

const scalars = scalarsOf(codegen);

const accepts = (scalar: GraphQLScalarType, values: readonly unknown[]): boolean =>
  values.some((value) => {
    try {
      return !(scalar.parseValue(value) instanceof Malformed);
    } catch {
      return false;
    }
  });

const texts = [
  '2024-02-20',
  '2024-02-20T09:30:00',
  '2024-02-20T09:30:00Z',
  '09:30',
  '100.00',
  '+16789321578',
  '111-22-3333',
];

const isReturned = (scalar: GraphQLScalarType): boolean => {
  try {
    return typeof scalar.serialize('x') === 'string';
  } catch {
    return false;
  }
};

describe('the types of scalars', () => {
  const own = Object.values(schema.getTypeMap())
    .filter(isScalarType)
    .filter((type) => !isSpecifiedScalarType(type));

  it.each(own.map((scalar) => [scalar.name, scalar] as const))(
    '%s: are what the gateway takes and returns',
    (name, scalar) => {
      const input = [
        ...(accepts(scalar, texts) ? ['string'] : []),
        ...(accepts(scalar, [1, 100, 16_789_321_578, 111_223_333]) ? ['number'] : []),
      ];
      expect(scalars[name]).toEqual({
        input: input.join(' | ') || 'never',
        output: isReturned(scalar) ? 'string' : 'never',
      });
      expect(accepts(scalar, [true, 0.5, {}])).toBe(false);
    },
  );

  it('are the same in the configuration that docs/clients.md shows', () => {
    expect(scalarsOf(clientsCodegen)).toEqual(scalars);
  });

  it('are those of the schema', () => {
    expect(Object.keys(scalars).toSorted()).toEqual(own.map(({ name }) => name).toSorted());
  });
});
