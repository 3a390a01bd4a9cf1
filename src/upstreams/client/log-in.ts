import type { CallInput, Endpoint, ReplyOf } from '../endpoint/endpoint.ts';
import { AuthFailedError } from '../errors.ts';
import { contentOf } from './content.ts';
import { toResult, toUpstreamError } from './result.ts';
import type { Sender } from './sender.ts';
import { isRefusedLogIn } from './verdict-name.ts';

/**
 * Logs in, and returns the payload of the log-in.
 *
 * @throws {AuthFailedError} if the credentials are refused, in any form.
 */
export const logIn = async <E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  sender: Sender,
): Promise<NonNullable<ReplyOf<E>>> => {
  const { verdict } = await sender
    .send(endpoint, contentOf(endpoint, input), { isLogIn: true })
    .catch((error: unknown) => {
      throw toUpstreamError(endpoint, error);
    });
  const isRefused = isRefusedLogIn(verdict);
  const payload = isRefused ? null : toResult(endpoint, verdict);
  if (payload === null || payload === undefined) throw new AuthFailedError(endpoint);
  return payload;
};
