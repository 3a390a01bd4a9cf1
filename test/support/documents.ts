import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type TypeNode,
  typeFromAST,
  visit,
} from 'graphql';
import { parseAst } from 'rolldown/parseAst';
import { readyQueries } from '../../src/http/graphiql/ready-queries.ts';
import { schema } from '../../src/schema/schema.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
    .map((file) => join(root, folder, file));

/** The blocks of code in a text of Markdown. */
const blocksIn = (markdown: string): string[] =>
  [...markdown.matchAll(/```graphql\n(.*?)```/gs)].map(([, block = '']) => block);

interface Part {
  readonly type?: string;
  readonly value?: unknown;
  readonly expressions?: readonly unknown[];
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
}

/** The strings in a part of a syntax tree that are written out in full. */
const stringsIn = (part: unknown): string[] => {
  if (typeof part !== 'object' || part === null) return [];
  const { type, value, expressions, quasis } = part as Part;
  if (type === 'Literal') return typeof value === 'string' ? [value] : [];
  const own = type === 'TemplateLiteral' && expressions?.length === 0 ? (quasis ?? []) : [];
  return [...own.map(({ value: { cooked } }) => cooked), ...Object.values(part).flatMap(stringsIn)];
};

const parsed = (text: string): DocumentNode | undefined => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};

const operationsIn = ({ definitions }: DocumentNode): OperationDefinitionNode[] =>
  definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);

const isQuery = (text: string): boolean => {
  const document = parsed(text);
  if (!document) return false;
  const operations = operationsIn(document);
  return operations.length > 0 && operations.every(({ operation }) => operation === 'query');
};

/** Every query that is written out in the documentation, in GraphiQL's tabs or in a test, valid or not. */
export const writtenQueries = (): string[] => {
  const pages = [join(root, 'README.md'), ...filesIn('docs', '.md')];
  const blocks = pages.flatMap((page) => blocksIn(readFileSync(page, 'utf8')));
  const strings = filesIn('test', '.ts').flatMap((file) =>
    stringsIn(parseAst(readFileSync(file, 'utf8'), { lang: 'ts' })),
  );
  return [...new Set([...blocks, ...readyQueries, ...strings])].filter(isQuery);
};

const values: Readonly<Record<string, unknown>> = {
  Boolean: true,
  Date: '2024-05-17',
  Decimal: '41.50',
  Float: 1.5,
  ID: '57062885',
  Int: 2,
  PhoneNumber: '716-628-9899',
  SSN: '912-22-1084',
  String: 'R1001',
};

const valueFor = (node: TypeNode): unknown => {
  const type = typeFromAST(schema, node as Extract<TypeNode, { kind: Kind.NAMED_TYPE }>);
  if (isNonNullType(type) || isListType(type)) {
    const value = valueFor((node as Extract<TypeNode, { type: TypeNode }>).type);
    return isListType(type) ? [value] : value;
  }
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[0]?.name;
  return isInputObjectType(named) ? {} : (values[named?.name ?? ''] ?? null);
};

/** A query with all that is sent with it. */
export interface Asked {
  readonly query: string;
  readonly operationName?: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Each operation of a document, with a value for each of its variables. */
export const eachOperation = (query: string): Asked[] =>
  operationsIn(parse(query)).map(({ name, variableDefinitions = [] }) => ({
    query,
    ...(name && { operationName: name.value }),
    variables: Object.fromEntries(
      variableDefinitions.map(({ variable, type }) => [variable.name.value, valueFor(type)]),
    ),
  }));

/** Names that mean something to JavaScript in any object, or in a promise. */
export const oddNames = [
  'then',
  '__proto__',
  'constructor',
  'toString',
  'toJSON',
  'valueOf',
  'hasOwnProperty',
  'catch',
  'finally',
  'length',
  'data',
  'errors',
  'key',
  'prev',
];

/**
 * The same document with names in its response that mean something to JavaScript: as many as there are.
 *
 * @param first which of these names its first field has.
 */
export const withOddNames = (query: string, first = 0): string => {
  const document = parse(query);
  const nameOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;
  const own = new Set<string>();
  visit(document, { Field: (field) => void own.add(nameOf(field)) });
  const free = [...oddNames.slice(first), ...oddNames.slice(0, first)].filter((name) => !own.has(name));
  const renamed = new Map([...own].map((name, index) => [name, free[index] ?? name]));
  const rename = (field: FieldNode): FieldNode => ({
    ...field,
    alias: { kind: Kind.NAME, value: renamed.get(nameOf(field)) ?? nameOf(field) },
  });
  return print(visit(document, { Field: { leave: rename } }));
};
