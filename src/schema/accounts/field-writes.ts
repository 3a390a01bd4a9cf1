import type { Context } from '../../request/context.ts';
import { BadInputError, OutcomeUnknownError, RejectedError, UpstreamError } from '../../upstreams/errors.ts';
import type { updatedbase, updatepermissions } from '../../upstreams/scollect/accounts.ts';
import { builder } from '../kit/builder.ts';
import type { FieldBuilder } from '../kit/column-fields.ts';
import { type Failure, failureOf, isNotExecuted } from '../kit/mutation-errors.ts';
import { type AccountWritten, accountField } from './account-written.ts';
import type { FieldWrite } from './field-inputs.ts';

/** A field that was not changed, or may not have been. */
interface FieldFailure {
  readonly field: string;
  readonly reason: string;
  readonly isOutcomeUnknown: boolean;
}

/** The outcomes of the fields of an account. */
export interface FieldsWritten extends AccountWritten {
  readonly updated: readonly string[];
  readonly failed: readonly FieldFailure[];
}

const FieldFailureType = builder.objectRef<FieldFailure>('FieldFailure').implement({
  description: 'A field that was not changed, or whose outcome is unknown.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The way to the field, as in `updated`.' }),
    reason: t.exposeString('reason', {
      description:
        "The reason in a sentence, with the upstream's own words if there are any, without personal data.",
    }),
    isOutcomeUnknown: t.exposeBoolean('isOutcomeUnknown', {
      description: 'Whether it may have been changed anyway: check the account.',
    }),
  }),
});

/** The fields of a success of several calls. */
export const fieldsWritten = (t: FieldBuilder<FieldsWritten>) => ({
  account: accountField(t),
  updated: t.stringList({
    description:
      'The fields that were changed, in the order of their calls: each as the way to it within the input, as in `address.city`.',
    resolve: ({ updated }) => [...updated],
  }),
  failed: t.field({
    type: [FieldFailureType],
    description: 'The fields that were not changed, or whose outcome is unknown, in the same order.',
    resolve: ({ failed }) => [...failed],
  }),
});

/** A refusal that is about this field and value: the next one may be taken. */
const isAboutField = (error: UpstreamError): boolean =>
  error instanceof BadInputError || error instanceof RejectedError;

interface FailedCall {
  readonly field: string;
  readonly error: UpstreamError;
}

interface Fields {
  readonly fileNumber: string;
  readonly writes: readonly FieldWrite[];
  /** The field of the mutation's input that they stand in. */
  readonly within: string;
  readonly whatToCheck: string;
}

const failureFor = ({ field, error }: FailedCall, { whatToCheck }: Fields): FieldFailure => {
  const isOutcomeUnknown = error instanceof OutcomeUnknownError;
  // What a caller cannot act on is reported as in the errors of a response.
  const sentence = failureOf(error, whatToCheck)?.message ?? error.message;
  return { field, reason: isOutcomeUnknown ? `${sentence} ${whatToCheck}` : sentence, isOutcomeUnknown };
};

/** The failure of all of them, as reported for the first. */
const failureOfAll = (first: FailedCall, failed: readonly FailedCall[], { within, whatToCheck }: Fields) => {
  const failure = failureOf(first.error, whatToCheck);
  if (!failure) throw first.error;
  if (failure.__typename !== 'InvalidInputError') return failure;
  // Each call was for one field, so that it is known which ones were found invalid.
  const fields = failed.flatMap(({ field, error }) =>
    error instanceof BadInputError
      ? [{ path: `${within}.${field}`, message: error.reason ?? 'Scollect found it invalid.' }]
      : [],
  );
  return { ...failure, fields };
};

/**
 * Sets fields of an account one after another, and returns the outcome of each.
 *
 * A field that is refused leaves the others alone. After any other failure nothing more is sent: the account is not
 * there, or the next call would fare as the last one did.
 *
 * @returns the failure of the first field if certainly nothing was changed, or if the outcome of the only field is unknown.
 * @throws {UpstreamError} if certainly nothing was changed, for a reason that a caller cannot act on.
 */
export const applyFields = async (
  endpoint: typeof updatedbase | typeof updatepermissions,
  fields: Fields,
  { write }: Context,
): Promise<FieldsWritten | Failure> => {
  const { fileNumber, writes } = fields;
  const updated: string[] = [];
  const failed: FailedCall[] = [];
  let notSent: readonly FieldWrite[] = [];
  for (const [index, { field, fieldname, fieldvalue }] of writes.entries()) {
    try {
      await write(endpoint, { params: {}, body: { filenumber: fileNumber, fieldname, fieldvalue } });
      updated.push(field);
    } catch (error) {
      // Anything else is a fault of this program, to be logged.
      if (!(error instanceof UpstreamError)) throw error;
      failed.push({ field, error });
      if (isAboutField(error)) continue;
      notSent = writes.slice(index + 1);
      break;
    }
  }

  const [first] = failed;
  const isNothingDone = updated.length === 0 && failed.every(({ error }) => isNotExecuted(error));
  if (first && (isNothingDone || writes.length === 1)) return failureOfAll(first, failed, fields);
  const reason = `Not sent, since the call for \`${failed.at(-1)?.field}\` had failed.`;
  return {
    fileNumber,
    updated,
    failed: [
      ...failed.map((one) => failureFor(one, fields)),
      ...notSent.map(({ field }) => ({ field, reason, isOutcomeUnknown: false })),
    ],
  };
};
