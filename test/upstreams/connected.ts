import { onTestFinished } from 'vitest';
import type { UpstreamClient } from '../../src/upstreams/client/client.ts';
import type { UpstreamObserver } from '../../src/upstreams/client/upstream-observer.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { closeUpstreams, createUpstreams, type UpstreamSettings } from '../../src/upstreams/upstreams.ts';
import { limits } from '../support/limits.ts';
import { forRequest } from '../support/own-keys.ts';
import { type Answer, jwt, type Received, startUpstream } from '../support/upstream.ts';

export const connect = (settings: Partial<UpstreamSettings>, observer?: UpstreamObserver) => {
  const upstreams = createUpstreams({ ...limits, ...settings }, observer);
  onTestFinished(() => closeUpstreams(upstreams));
  return upstreams;
};

export const note = { filenumber: 'R1000', collectorname: 'mall', logmessage: 'Test' };
export const done: Answer = {
  json: { result: { success: 'Noteline inserted successfully' }, state: 'SUCCESS' },
};
export const account = { json: { result: [{ filenumber: 'R1000' }], state: 'SUCCESS' } } as const;

/** Gives the row of an account the file number that is requested. */
const forKey = async (request: Received, answer: Answer | Promise<Answer>): Promise<Answer> => {
  const reply = await answer;
  return reply === account ? { json: forRequest('getaccount', request, account.json) } : reply;
};

/** A Scollect whose n-th log-in returns `token n`, with the given responses to other requests. */
export const scollect = async (
  answer: (request: Received) => Answer | Promise<Answer>,
  settings: Partial<UpstreamSettings> = {},
  observer?: UpstreamObserver,
) => {
  let logIns = 0;
  const upstream = await startUpstream((request) => {
    if (request.path !== '/login') return forKey(request, answer(request));
    logIns += 1;
    return { json: { result: { access_token: jwt({ iat: 0, exp: 900, n: logIns }) }, state: 'SUCCESS' } };
  });
  const credentials = { apiKey: 'the key', pin: 'the pin' };
  const { SCOLLECT: client } = connect(
    { scollect: { url: upstream.url, ...credentials }, ...settings },
    observer,
  );
  return { upstream, client, logIns: () => logIns };
};

export const recoveryConnect = async (
  answer: (request: Received) => Answer,
  credentials: { token: string } | { username: string; password: string },
) => {
  const upstream = await startUpstream(answer);
  const { RECOVERY_CONNECT: client } = connect({ recoveryConnect: { url: upstream.url, ...credentials } });
  return { upstream, client };
};

export const R1000 = { params: { filenumber: 'R1000' } };

/** Reads of which no two are equal, at one moment. */
export const callAll = (client: UpstreamClient): Promise<unknown[]> =>
  Promise.all(
    Array.from({ length: 50 }, (_, n) => client.call(getaccount, { params: { filenumber: `R${n}` } })),
  );
