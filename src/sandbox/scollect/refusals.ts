import type { scollectOperations } from '../../upstreams/scollect/operations.ts';
import { type HttpAnswer, json } from '../server.ts';
import { errorWithStatus } from './answers.ts';

/** What Flask-JWT-Extended answers to a token that was good once. */
export const expiredToken = (): HttpAnswer => json({ msg: 'Token has expired' }, 401);

export const wrongCredentials = () => errorWithStatus('Invalid API Credentials.', 401);

const declinedCharge = { result: 'DECLINED', approvalcode: '', error: 'Insufficient funds' };

/**
 * The body of a refusal that is no fault of the request.
 *
 * No document shows one. A charge has the keys of its documented answer; the others have the documented form of an
 * error with its status, and the status that is neither 400 nor 404, which tell of a mistake.
 */
export const declined = (operation: keyof typeof scollectOperations): unknown =>
  operation === 'run_payment_external'
    ? declinedCharge
    : errorWithStatus('Your user has no permission for this account', 403);
