import type { Plugin } from 'graphql-yoga';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Readiness } from '../readiness.ts';

export interface OperatorEndpoints {
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Pick<Metrics, 'contentType' | 'read'>;
}

const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/**
 * For Yoga's own `/health`, which it serves wherever an address ends so, in its query too: no address ends with a blank.
 */
export const noHealthCheck = ' ';

/** Serves `/health`: 200 as long as the process lives, whoever asks. */
export const useHealth = (): Plugin => ({
  onRequest: ({ request, url, fetchAPI: { Response }, endResponse }) => {
    if (isRead(request) && url.pathname === '/health') endResponse(new Response(null, { status: 200 }));
  },
});

/** Serves `/ready`, with 503 where no requests should be sent here, and `/metrics`. */
export const useOperatorEndpoints = ({ readiness, metrics }: OperatorEndpoints): Plugin => ({
  onRequest: async ({ request, url, fetchAPI: { Response }, endResponse }) => {
    if (!isRead(request)) return;
    if (url.pathname === '/ready') {
      const state = await readiness();
      endResponse(Response.json(state, { status: state.isReady ? 200 : 503 }));
    }
    if (url.pathname === '/metrics') {
      const headers = { 'content-type': metrics.contentType };
      endResponse(new Response(await metrics.read(), { headers }));
    }
  },
});
