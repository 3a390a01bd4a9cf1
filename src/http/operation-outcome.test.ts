import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import { outcomeOf } from './operation-outcome.ts';
import type { OperationRun } from './operation-run.ts';

const errors = [new GraphQLError('x')];
const executed = { isExecuted: true, context: { pace: {} } } as OperationRun;
const withoutSlot = { isExecuted: true, context: { pace: { failure: errors[0] } } } as OperationRun;
const none = undefined;

it.each([
  ['data', { data: { a: null } }, executed, [], 'ok'],
  ['data and errors', { data: { a: null, b: 0 }, errors }, executed, ['X'], 'partial'],
  ['errors, and null in all root fields', { data: { a: null, b: null }, errors }, executed, ['X'], 'error'],
  ['errors, and no data', { data: null, errors }, executed, ['X'], 'error'],
  ['no slot for a large response', { errors }, withoutSlot, ['RATE_LIMITED'], 'refused'],
  ['an invalid document', { errors }, none, ['GRAPHQL_VALIDATION_FAILED'], 'refused'],
  ['an unexpected error before execution', { errors }, none, ['INTERNAL_SERVER_ERROR'], 'error'],
])('the outcome of %s', (_, result, run, codes, outcome) => {
  expect(outcomeOf(result, run, codes)).toBe(outcome);
});
