import type { FieldMap, InputFieldMap } from '@pothos/core';
import type { z } from 'zod';
import type { Scope } from '../../operation/caller.ts';
import { costing, type FieldCost } from '../../operation/cost/field-cost.ts';
import { named } from '../../operation/cost/things.ts';
import type { Context } from '../../request/context.ts';
import { reportWrite } from '../../request/updates.ts';
import type { ChangedRead } from '../../upstreams/cache/scopes.ts';
import type { Endpoint } from '../../upstreams/endpoint/endpoint.ts';
import { builder } from './builder.ts';
import type { FieldBuilder, SchemaTypes } from './column-fields.ts';
import {
  type Failure,
  failureOf,
  IdempotencyConflictType,
  type InputFault,
  InvalidInputType,
  invalidInput,
  NotFoundType,
  OutcomeUnknownType,
  type PathOf,
  RejectedType,
  UnavailableType,
} from './mutation-errors.ts';
import { noteAims } from './record-notes.ts';
import { checkSelected } from './selected-scopes.ts';
import { withCalendar } from './today.ts';

export type InputFieldBuilder = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>;

export interface MutationDefinition<Checked, Success extends object> {
  /** What its caller must be allowed to. */
  readonly scope: Scope;
  /** What it does, and by which operation. */
  readonly description: string;
  readonly input: (t: InputFieldBuilder) => InputFieldMap;
  /** Checks the input, and gives it in the form that is sent. It knows every field. */
  readonly check: z.ZodType<Checked>;
  /** Sends what was checked. */
  readonly execute: (checked: Checked, context: Context) => Promise<Success | Failure>;
  readonly success: (t: FieldBuilder<Success>) => FieldMap;
  /** The endpoint that it calls; `null` if it calls none. */
  readonly endpoint: Endpoint | null;
  /** The number of its calls, which may depend on the input; one if left out. */
  readonly calls?: number | ((checked: Checked) => number);
  /** The endpoints whose responses the write may change: the request reads them again. */
  readonly changes: readonly Endpoint[] | ((checked: Checked) => readonly Endpoint[]);
  /** The keys of the responses that it may change; those in the input if left out. */
  readonly changedKeys?: (checked: Checked) => readonly object[];
  /** Where to check, if it is not known whether it was executed. */
  readonly whatToCheck: string;
  /** Which field of the input a key of the upstream's request stands for. */
  readonly pathOf?: PathOf;
  /** Whether the result may report an idempotency key that was used before. */
  readonly isKeyed?: boolean;
}

/** Faults of an input, all of them, each with its way within the input. */
export const faultsOf = (error: z.ZodError): InputFault[] =>
  error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));

const isFailure = (result: object): result is Failure => '__typename' in result;

const outcomeIdOf = (result: object): string | null =>
  isFailure(result) && 'outcomeId' in result ? result.outcomeId : null;

/**
 * Adds a mutation `field`, with its input `<Field>Input`, its success `<Field>Success` and the union `<Field>Result`.
 *
 * The input is checked before anything is sent. What can go wrong is a member of the union; only what a caller can
 * do nothing about is an error, which makes this mutation null and leaves the others of the request alone.
 */
export const addMutation = <Checked, Success extends object>(
  field: string,
  definition: MutationDefinition<Checked, Success>,
): void => {
  const { scope, description, check, execute, whatToCheck, pathOf, isKeyed = false } = definition;
  const name = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;

  const InputType = builder.inputType(`${name}Input`, {
    description: `Input of \`${field}\`.`,
    fields: definition.input,
  });
  const SuccessType = builder.objectRef<Success>(`${name}Success`).implement({
    description: `Success of \`${field}\`.`,
    fields: definition.success,
  });
  const failures = [
    InvalidInputType,
    NotFoundType,
    RejectedType,
    UnavailableType,
    OutcomeUnknownType,
    ...(isKeyed ? [IdempotencyConflictType] : []),
  ];
  const ResultType = builder.unionType(`${name}Result`, {
    description: `The outcome of \`${field}\`.`,
    types: [SuccessType, ...failures],
    resolveType: (result) => (isFailure(result) ? result.__typename : SuccessType.name),
  });

  const { changes, changedKeys = (checked) => [checked as object] } = definition;
  const changedBy = (checked: Checked): ChangedRead[] => {
    const keys = changedKeys(checked);
    const endpoints = typeof changes === 'function' ? changes(checked) : changes;
    return endpoints.map((changed) => ({ endpoint: changed, keys }));
  };

  /** Without all parts of a key in the input, everything that the endpoint read is forgotten. */
  const forget = (changed: readonly ChangedRead[], context: Context): void => {
    reportWrite(context, changed);
    for (const { endpoint: read, keys } of changed) for (const key of keys) context.loaders.forget(read, key);
  };

  /** Returns a context whose writes invalidate the cached responses that they may change. */
  const invalidating = (changed: readonly ChangedRead[], context: Context): Context => ({
    ...context,
    write: (called, sent, own) => context.write(called, sent, { ...own, changes: changed }),
  });

  const settle = async (input: unknown, context: Context): Promise<Success | Failure> => {
    const checked = withCalendar(context.calendar, () => check.safeParse(input));
    if (!checked.success) return invalidInput(faultsOf(checked.error));
    const changed = changedBy(checked.data);
    try {
      return await execute(checked.data, invalidating(changed, context));
    } catch (error) {
      const failure = failureOf(error, whatToCheck, pathOf);
      if (!failure) throw error;
      return failure;
    } finally {
      // In any case: it may have been executed.
      forget(changed, context);
    }
  };

  const resolve = async (input: unknown, context: Context): Promise<Success | Failure> => {
    const { audit } = context;
    noteAims(input, audit);
    try {
      const result = await settle(input, context);
      audit.wrote(field, isFailure(result) ? result.__typename : SuccessType.name, outcomeIdOf(result));
      return result;
    } catch (error) {
      audit.wrote(field, null);
      throw error;
    }
  };

  const { endpoint, calls = 1 } = definition;
  /** An input that will be rejected makes no call. */
  const countFor = (input: unknown): number => {
    if (typeof calls === 'number') return calls;
    const checked = check.safeParse(input);
    return checked.success ? calls(checked.data) : 0;
  };
  const cost: FieldCost = {
    calls: ({ args: { input }, responseKey }) =>
      endpoint ? [{ operation: endpoint.operation, names: [responseKey], each: countFor(input) }] : [],
    // What is read of it was forgotten before, so that nothing of it is shared with other reads.
    gives: ({ responseKey }) => [
      { ...named(`${responseKey} result`, [''], { parent: {} }), type: SuccessType.name },
    ],
  };

  builder.mutationField(field, (t) =>
    t.field({
      type: ResultType,
      authScopes: { [scope]: true },
      nullable: true,
      description,
      extensions: costing(cost),
      args: { input: t.arg({ type: InputType, required: true, description: 'Input of the mutation.' }) },
      resolve: (_, { input }, context, info) => {
        // If the caller could not read the result, nobody would know what was done.
        checkSelected(info, context.caller);
        return resolve(input, context) as never;
      },
    }),
  );
};
