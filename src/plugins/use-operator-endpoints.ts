import type { Plugin } from 'graphql-yoga';
import type { Metrics } from '../metrics.ts';
import type { Readiness } from '../readiness.ts';

export interface OperatorEndpoints {
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Pick<Metrics, 'contentType' | 'read'>;
}

/** Serves `/ready`, with 503 where no requests should be sent here, and `/metrics`. Yoga itself serves `/health`. */
export const useOperatorEndpoints = ({ readiness, metrics }: OperatorEndpoints): Plugin => ({
  onRequest: async ({ request, url, fetchAPI: { Response }, endResponse }) => {
    if (request.method !== 'GET') return;
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
