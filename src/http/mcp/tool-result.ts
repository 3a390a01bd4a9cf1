import { type ExecutionResult, type GraphQLError, type GraphQLSchema, isObjectType } from 'graphql';
import type { WriteNote } from '../../audit/audit.ts';
import { described, type JsonSchema, type ObjectSchema } from './json-schema.ts';

const text: JsonSchema = { type: 'string' };

const closed = (
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): ObjectSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const errors: JsonSchema = {
  type: 'array',
  description: 'What failed. The rest of the data is valid.',
  items: closed(
    {
      message: text,
      path: {
        type: 'array',
        description: 'The field that is null for it.',
        items: { type: ['string', 'integer'] },
      },
      extensions: { type: 'object', description: '`code` names the kind of the error.' },
    },
    ['message', 'extensions'],
  ),
};

const warnings: JsonSchema = {
  type: 'array',
  description: 'Warnings of the systems behind the gateway.',
  items: closed({ upstream: text, operation: text, message: text }, ['upstream', 'operation', 'message']),
};

const outcomes: JsonSchema = {
  type: 'array',
  description: 'What became of each mutation, in the order of their execution.',
  items: closed(
    {
      mutation: text,
      outcome: {
        type: ['string', 'null'],
        description: 'The type of its result. `OutcomeUnknownError`, and null: it may have been executed.',
      },
      outcomeId: { type: 'string', description: 'The id of an unknown outcome.' },
    },
    ['mutation', 'outcome'],
  ),
};

/** Returns the schema of the result of a tool: that of a GraphQL response, with the outcomes of mutations. */
export const resultSchemaOf = (data: JsonSchema, isWrite: boolean): ObjectSchema =>
  closed(
    {
      data: described(data, 'Null if there is no data.'),
      errors,
      warnings,
      asOf: { type: 'string', description: 'The time of the oldest cached data, if cached data was used.' },
      ...(isWrite && { outcomes }),
    },
    ['data'],
  );

/** The result of a tool, as `structuredContent` and as text. */
export interface ToolContent {
  readonly data: ExecutionResult['data'] | null;
  readonly errors?: readonly object[];
  readonly warnings?: unknown;
  readonly asOf?: unknown;
  readonly outcomes?: readonly WriteNote[];
}

const shownError = ({ message, path, extensions: { http, ...extensions } }: GraphQLError): object => ({
  message,
  ...(path && { path }),
  extensions,
});

/** Returns a completed result as that of a tool. */
export const toolContentOf = (
  { data = null, errors: failed = [], extensions = {} }: ExecutionResult,
  writes: readonly WriteNote[],
): ToolContent => {
  const { warnings: warned, asOf } = extensions;
  return {
    data,
    ...(failed.length > 0 && { errors: failed.map(shownError) }),
    ...(warned !== undefined && { warnings: warned }),
    ...(asOf !== undefined && { asOf }),
    ...(writes.length > 0 && { outcomes: writes }),
  };
};

/** Returns the result of a call that has no data. */
export const withoutData = (
  messages: readonly string[],
  extensions: Readonly<Record<string, unknown>>,
  writes: readonly WriteNote[] = [],
): ToolContent => ({
  data: null,
  errors: messages.map((message) => ({ message, extensions })),
  ...(writes.length > 0 && { outcomes: writes }),
});

const isError = (outcome: string, schema: GraphQLSchema): boolean => {
  const type = schema.getType(outcome);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'MutationError');
};

/** Whether a mutation was not executed, or may not have been. */
export const hasFailed = (writes: readonly WriteNote[], schema: GraphQLSchema): boolean =>
  writes.some(({ outcome }) => outcome === null || isError(outcome, schema));

/** Whether it is not known if a mutation was executed. */
export const isUnknown = (writes: readonly WriteNote[]): boolean =>
  writes.some(({ outcome }) => outcome === null || outcome === 'OutcomeUnknownError');
