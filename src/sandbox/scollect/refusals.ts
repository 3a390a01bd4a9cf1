import type { scollectOperations } from '../../upstreams/scollect/operations.ts';
import { type HttpAnswer, json } from '../server.ts';
import { errorWithStatus } from './answers.ts';

/** The response of Flask-JWT-Extended to an expired token. */
export const expiredToken = (): HttpAnswer => json({ msg: 'Token has expired' }, 401);

export const wrongCredentials = () => errorWithStatus('Invalid API Credentials.', 401);

const declinedCharge = { result: 'DECLINED', approvalcode: '', error: 'Insufficient funds' };

/**
 * The body of a refusal that is not about the request.
 *
 * It is not documented. A charge has the keys of its documented response. The others have the documented error with a
 * status other than 400 and 404, which stand for invalid requests.
 */
export const declined = (operation: keyof typeof scollectOperations): unknown =>
  operation === 'run_payment_external'
    ? declinedCharge
    : errorWithStatus('Your user has no permission for this account', 403);
