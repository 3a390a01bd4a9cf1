import type { FieldMap, InputFieldMap } from '@pothos/core';
import type { z } from 'zod';
import type { Scope } from '../../operation/caller.ts';
import type { Context } from '../../request/context.ts';
import type { Loaders } from '../../request/loaders.ts';
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
  readonly carryOut: (checked: Checked, context: Context) => Promise<Success | Failure>;
  readonly success: (t: FieldBuilder<Success>) => FieldMap;
  /** Makes the request forget what the write may have changed. */
  readonly forget: (loaders: Loaders, checked: Checked) => void;
  /** Where to look, when it is not known whether it was carried out. */
  readonly whatToCheck: string;
  /** Which field of the input a key of the upstream's request stands for. */
  readonly pathOf?: PathOf;
  /** Whether the result can tell of an idempotency key that was used before. */
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
  const { scope, description, check, carryOut, forget, whatToCheck, pathOf, isKeyed = false } = definition;
  const name = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;

  const InputType = builder.inputType(`${name}Input`, {
    description: `What \`${field}\` needs.`,
    fields: definition.input,
  });
  const SuccessType = builder.objectRef<Success>(`${name}Success`).implement({
    description: `What \`${field}\` has changed.`,
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
    description: `What has become of \`${field}\`.`,
    types: [SuccessType, ...failures],
    resolveType: (result) => (isFailure(result) ? result.__typename : SuccessType.name),
  });

  const settle = async (input: unknown, context: Context): Promise<Success | Failure> => {
    const checked = withCalendar(context.calendar, () => check.safeParse(input));
    if (!checked.success) return invalidInput(faultsOf(checked.error));
    try {
      return await carryOut(checked.data, context);
    } catch (error) {
      const failure = failureOf(error, whatToCheck, pathOf);
      if (!failure) throw error;
      return failure;
    } finally {
      // Whatever came of it: it may have been carried out.
      forget(context.loaders, checked.data);
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

  builder.mutationField(field, (t) =>
    t.field({
      type: ResultType,
      authScopes: { [scope]: true },
      nullable: true,
      description,
      args: { input: t.arg({ type: InputType, required: true, description: 'What to do.' }) },
      resolve: (_, { input }, context, info) => {
        // Told afterwards that it cannot be read, nobody would know what was done.
        checkSelected(info, context.caller);
        return resolve(input, context) as never;
      },
    }),
  );
};
