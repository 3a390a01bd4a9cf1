import {
  buildSchema,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
} from 'graphql';
import { code, table } from './markdown.ts';

type Field = GraphQLField<unknown, unknown>;

const pageArguments = ['first', 'after', 'last', 'before'];

const isConnection = ({ type }: Field): boolean => getNamedType(type).name.endsWith('Connection');

/** Object types of the schema, without those of introspection. */
const objectTypes = (schema: GraphQLSchema): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'));

const fieldsOf = (type: GraphQLObjectType): Field[] => Object.values(type.getFields());

const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType): boolean =>
  [schema.getQueryType(), schema.getMutationType()].includes(type);

/** Types without `id`: a cache stores their objects as parts of other objects. */
const embeddedTypes = (schema: GraphQLSchema): GraphQLObjectType[] =>
  objectTypes(schema).filter((type) => !isRoot(schema, type) && !('id' in type.getFields()));

const isList = ({ type }: Field): boolean => isListType(getNullableType(type));

/**
 * Types whose fields describe the object that has them, such as `AccountFees`: results of two queries complete each
 * other. A type is a record of its own, and not such a part, if it has an identifier, is an element of a list or an
 * edge, or if a field of it is a list: of two records, none must have fields of the other.
 */
const partTypes = (schema: GraphQLSchema): GraphQLObjectType[] => {
  const all = objectTypes(schema);
  const fields = all.flatMap((type) => fieldsOf(type).map((field) => ({ parent: type.name, field })));
  const records = new Set(
    fields
      .filter(({ parent, field }) => isList(field) || parent.endsWith('Edge') || parent.endsWith('Success'))
      .map(({ field }) => getNamedType(field.type).name),
  );
  return embeddedTypes(schema).filter(
    (type) =>
      !records.has(type.name) &&
      !/(?:Success|Error|Edge|Connection|PageInfo)$/.test(type.name) &&
      !fieldsOf(type).some((field) => getNamedType(field.type).name === 'ID' || isList(field)),
  );
};

/** The fields with pages, and the arguments of each that select another list. */
const connections = (schema: GraphQLSchema) =>
  objectTypes(schema).flatMap((type) =>
    fieldsOf(type)
      .filter(isConnection)
      .map(({ name, args }) => {
        const names = args.map((argument) => argument.name);
        return {
          type: type.name,
          field: name,
          pages: pageArguments.filter((argument) => names.includes(argument)),
          filters: names.filter((argument) => !pageArguments.includes(argument)),
        };
      }),
  );

const imported = (names: string, module: string): string => `import ${names} from '${module}';`;

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** Breaks words into lines of at most 110 characters. */
const wrapped = (words: readonly string[], indent: string): string => {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 110) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
};

/** The fields with pages by their type, as the entries of an object literal. */
const pagedFields = (
  schema: GraphQLSchema,
  entry: (type: string, fields: readonly string[]) => string,
  call: (filters: readonly string[]) => string,
): string => {
  const all = connections(schema);
  return [...new Set(all.map(({ type }) => type))]
    .map((type) =>
      entry(
        type,
        all.filter((one) => one.type === type).map(({ field, filters }) => `${field}: ${call(filters)},`),
      ),
    )
    .join('\n');
};

/** A module with the members of each union and interface, as `InMemoryCache` takes them. */
export const possibleTypesModule = (schema: GraphQLSchema): string => {
  const entries = Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => {
      const members = schema.getPossibleTypes(type).map(({ name }) => name);
      return `  ${type.name}: [\n${wrapped(
        members.map((name) => `'${name}',`),
        '    ',
      )}\n  ],`;
    });
  return `export const possibleTypes: Record<string, string[]> = {\n${entries.join('\n')}\n};\n`;
};

/** A module with Apollo's policies for fields with pages and for types without `id`. */
export const typePoliciesModule = (schema: GraphQLSchema): string => {
  const paged = pagedFields(
    schema,
    (type, fields) => `  ${type}: {\n    fields: {\n      ${fields.join('\n      ')}\n    },\n  },`,
    (filters) => `pages(${filters.length > 0 ? `[${quoted(filters)}]` : ''})`,
  );
  const parts = partTypes(schema).map(({ name }) => `  ${name}: { merge: true },`);
  return [
    imported('type { FieldPolicy, TypePolicies }', '@apollo/client'),
    imported('{ relayStylePagination }', '@apollo/client/utilities'),
    '',
    '/** Joins pages. A list that failed stays null: relayStylePagination alone would show it as empty. */',
    'const pages = (keyArgs?: string[]): FieldPolicy => {',
    '  const { merge, ...policy } = relayStylePagination(keyArgs);',
    '  return {',
    '    ...policy,',
    '    merge: (existing, incoming, options) =>',
    "      incoming && typeof merge === 'function' ? merge(existing, incoming, options) : (existing ?? null),",
    '  };',
    '};',
    '',
    'export const typePolicies: TypePolicies = {',
    '  // Pages of one list are joined. An argument in brackets selects another list.',
    paged,
    '  // Parts of an object without an id: the fields of two queries are joined.',
    ...parts,
    '};',
    '',
  ].join('\n');
};

/** A module with graphcache's keys for types without `id`, and its resolvers of fields with pages. */
export const graphcacheModule = (schema: GraphQLSchema): string => {
  const names = embeddedTypes(schema).map(({ name }) => `'${name}',`);
  const paged = pagedFields(
    schema,
    (type, fields) => `  ${type}: {\n    ${fields.join('\n    ')}\n  },`,
    () => 'relayPagination()',
  );
  return [
    imported('type { KeyingConfig, ResolverConfig }', '@urql/exchange-graphcache'),
    imported('{ relayPagination }', '@urql/exchange-graphcache/extras'),
    '',
    '/** Types without an id: their objects are stored as parts of others. */',
    'const embedded = [',
    wrapped(names, '  '),
    '];',
    '',
    'export const keys: KeyingConfig = Object.fromEntries(embedded.map((type) => [type, () => null]));',
    '',
    '/** Pages of one list are joined. */',
    'export const resolvers: ResolverConfig = {',
    paged,
    '};',
    '',
  ].join('\n');
};

/** The fields with pages: how to request pages, and which arguments select another list. */
export const connectionsTable = (schema: GraphQLSchema): string =>
  table(
    ['connection', 'arguments of pages', 'arguments that select another list'],
    connections(schema).map(({ type, field, pages, filters }) => [
      code(`${type}.${field}`),
      pages.map(code).join(', '),
      filters.map(code).join(', ') || '–',
    ]),
  );

/** The modules for caches by their file names, from the text of `schema.graphql`. */
export const cacheModules = (schemaText: string) => {
  const schema = buildSchema(schemaText);
  return {
    'possible-types.ts': possibleTypesModule(schema),
    'type-policies.ts': typePoliciesModule(schema),
    'graphcache.ts': graphcacheModule(schema),
  };
};
