import type { HttpRequest } from '../../../src/upstreams/client/http.ts';
import type { HttpReply } from '../../../src/upstreams/endpoint/verdict.ts';

const json = (value: unknown): HttpReply => ({ status: 200, headers: {}, json: value });

const refusedLogIn: HttpReply = { status: 401, headers: {}, json: { msg: 'Bad credentials' } };

/** A token of the simulation, which lives for the given seconds. */
const tokenOf = (seconds: number): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ iat: 0, exp: seconds })}.x`;
};

const scollectToken = json({ result: { access_token: tokenOf(900) }, state: 'SUCCESS' });
const shortToken = json({ result: { access_token: tokenOf(60) }, state: 'SUCCESS' });
const recoveryConnectToken = json({ token_type: 'Bearer', expires_in: 3600, access_token: tokenOf(3600) });
const noRows = json({ result: { result: [] }, state: 'SUCCESS' });
const noOrders = json({ data: [] });
const written = json({ result: { success: 'Inserted successfully' }, state: 'SUCCESS' });
const charged = json({ result: 'APPROVED', approvalcode: 'A1B2C3', error: '' });

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * Returns the shortest valid response to a request. Of rows, only what the gateway checks: their size has no effect on
 * queues.
 */
export const replyTo = ({ path, body }: HttpRequest): HttpReply => {
  if (path.startsWith('/getaccount/')) {
    return json({ result: [{ filenumber: lastPart(path) }], state: 'SUCCESS' });
  }
  if (path === '/getAlaccountdata') {
    const { FileNumber } = JSON.parse(body ?? '{}') as { readonly FileNumber: string };
    return json({ result: [{ filenumber: FileNumber }], state: 'SUCCESS' });
  }
  if (path === '/run_payment_external') return charged;
  if (path === '/InsertNoteline' || path === '/insertattempt') return written;
  if (/^\/api\/v150\/orders\/\d+$/.test(path)) return json({ data: { id: Number(lastPart(path)) } });
  return path.startsWith('/api/') ? noOrders : noRows;
};

export const isLogIn = (path: string): boolean => path === '/login' || path === '/api/v140/auth';

/** @param isRefused whether the credentials are refused. @param isShort whether tokens live for a minute only. */
export const logInReply = (path: string, isRefused: boolean, isShort: boolean): HttpReply => {
  if (isRefused) return refusedLogIn;
  if (path !== '/login') return recoveryConnectToken;
  return isShort ? shortToken : scollectToken;
};
