import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Random } from '../../src/sandbox/random.ts';
import { schema } from '../../src/schema/schema.ts';
import { isPlain } from '../support/input-types.ts';
import { oneOf, times } from './chance.ts';
import { someValue } from './values.ts';

/** A document, and what is asked with it. */
export interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

/** Writes a value into a document. What is no number of GraphQL is written as a text. */
const literalOf = (value: unknown, type: GraphQLInputType | undefined): string => {
  const nullable = type && getNullableType(type);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const itemType = isListType(nullable) ? nullable.ofType : undefined;
    return `[${items.map((item) => literalOf(item, itemType)).join(', ')}]`;
  }
  if (isPlain(value)) {
    const fields = isInputObjectType(nullable) ? nullable.getFields() : {};
    const written = Object.entries(value).map(
      ([name, one]) => `${/^[A-Za-z_]\w*$/.test(name) ? name : 'odd'}: ${literalOf(one, fields[name]?.type)}`,
    );
    return `{ ${written.join(', ')} }`;
  }
  if (isEnumType(nullable) && typeof value === 'string' && /^[A-Z_]+$/.test(value)) return value;
  return JSON.stringify(value) ?? 'null';
};

/** The failures of mutations; what a success has holds what was written. */
const failures = `__typename ... on MutationError { code message } ... on InvalidInputError { fields { path message } }
  ... on RejectedError { reason } ... on UnavailableError { retryAfter } ... on OutcomeUnknownError { whatToCheck }`;

class Writer {
  readonly #random: Random;
  readonly #canary: string;
  readonly #declared: string[] = [];
  readonly #fragments: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  #names = 0;

  constructor(random: Random, canary: string) {
    this.#random = random;
    this.#canary = canary;
  }

  #name(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  #variable(type: string, value: unknown): string {
    const name = this.#name('v');
    const isLeftOut = this.#random.chance(0.03);
    this.#declared.push(`$${name}: ${type}`);
    if (!isLeftOut) this.#variables[name] = value;
    return `$${name}`;
  }

  #argument({ name, type }: GraphQLArgument): string {
    const value = someValue(this.#random, this.#canary, type, [name]);
    const isHoisted = this.#random.chance(0.5);
    return `${name}: ${isHoisted ? this.#variable(String(type), value) : literalOf(value, type)}`;
  }

  #directives(): string {
    if (!this.#random.chance(0.08)) return '';
    const condition = this.#random.chance(0.5) ? this.#variable('Boolean!', true) : 'true';
    return this.#random.chance(0.5) ? ` @include(if: ${condition})` : ` @skip(if: ${condition})`;
  }

  #arguments({ args }: GraphQLField<unknown, unknown>): string {
    const given = args.filter(
      ({ type, defaultValue }) =>
        (isNonNullType(type) && defaultValue === undefined) || this.#random.chance(0.5),
    );
    return given.length === 0 ? '' : `(${given.map((one) => this.#argument(one)).join(', ')})`;
  }

  field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const named = getNamedType(field.type);
    const below = isLeafType(named) ? '' : ` { ${this.selection(named, depth - 1)} }`;
    const isAliased = field.args.length > 0 || this.#random.chance(0.1);
    const alias = isAliased ? `${this.#name('a')}: ` : '';
    return `${alias}${field.name}${this.#arguments(field)}${this.#directives()}${below}`;
  }

  #inFragment(type: GraphQLNamedType, selection: string): string {
    if (this.#random.chance(0.85)) return selection;
    if (this.#random.chance(0.5)) return `... on ${type.name}${this.#directives()} { ${selection} }`;
    const name = this.#name('F');
    this.#fragments.push(`fragment ${name} on ${type.name} { ${selection} }`);
    return `...${name}`;
  }

  selection(type: GraphQLNamedType, depth: number): string {
    if (isAbstractType(type) && (!isInterfaceType(type) || this.#random.chance(0.5))) {
      const member = oneOf(this.#random, schema.getPossibleTypes(type));
      return `__typename ... on ${member.name} { ${this.selection(member, depth)} }`;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || isLeafType(getNamedType(field.type)),
    );
    if (fields.length === 0) return '__typename';
    const chosen = times(this.#random.integer(1, 4), () =>
      this.#random.chance(0.05) ? '__typename' : this.field(oneOf(this.#random, fields), depth),
    );
    return this.#inFragment(type, chosen.join(' '));
  }

  mutation(field: GraphQLField<unknown, unknown>): string {
    return `${field.name}${this.#arguments(field)} { ${failures} }`;
  }

  asked(kind: 'query' | 'mutation', selection: string): Asked {
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    const isNamed = declared !== '' || kind === 'mutation' || this.#random.chance(0.3);
    const heading = isNamed ? `${kind} Asked${declared} ` : '';
    const comment = this.#random.chance(0.6) ? `# ${this.#canary}\n` : '';
    const query = [`${comment}${heading}{ ${selection} }`, ...this.#fragments].join('\n');
    const isTold = isNamed && this.#random.chance(0.3);
    return { query, variables: this.#variables, ...(isTold && { operationName: 'Asked' }) };
  }
}

const fieldsOf = (type: GraphQLObjectType | null | undefined): GraphQLField<unknown, unknown>[] =>
  Object.values(type?.getFields() ?? {});

/** A query of any fields with any arguments, mostly a valid one. */
export const writeQuery = (random: Random, canary: string): Asked => {
  const writer = new Writer(random, canary);
  const depth = random.integer(1, 4);
  const roots = times(random.chance(0.8) ? 1 : 2, () =>
    writer.field(oneOf(random, fieldsOf(schema.getQueryType())), depth),
  );
  return writer.asked('query', roots.join(' '));
};

export const writeMutation = (random: Random, canary: string): Asked => {
  const writer = new Writer(random, canary);
  return writer.asked('mutation', writer.mutation(oneOf(random, fieldsOf(schema.getMutationType()))));
};
