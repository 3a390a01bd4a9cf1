import type { VariablesOf } from 'gql.tada';
import type { Charge } from './documents.ts';

type Input = VariablesOf<typeof Charge>['input'];

/**
 * Charges at most once, also if a response is lost: each attempt has the same key.
 *
 * @param send sends one mutation; it throws if there is no result.
 * @param idempotencyKey made once for what the user wants, such as `crypto.randomUUID()` when the form opens.
 */
export const charge = async <Result>(
  send: (input: Input) => Promise<Result>,
  input: Omit<Input, 'idempotencyKey'>,
  idempotencyKey: string,
): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send({ ...input, idempotencyKey });
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
};
