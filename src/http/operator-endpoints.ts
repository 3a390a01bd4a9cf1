import type { Metrics } from '../telemetry/metrics.ts';
import type { Readiness } from './readiness.ts';
import type { Reply } from './reply.ts';

export interface OperatorEndpoints {
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Pick<Metrics, 'contentType' | 'read'>;
}

/**
 * Returns the response of an operator endpoint: `/health` is 200 as long as the process lives, `/ready` is 503 if no
 * requests should be sent to this process.
 */
export const operatorReply = async (
  path: string,
  { readiness, metrics }: OperatorEndpoints,
): Promise<Reply> => {
  if (path === '/health') return { status: 200, headers: [], body: '' };
  if (path === '/metrics') {
    return { status: 200, headers: ['content-type', metrics.contentType], body: await metrics.read() };
  }
  const state = await readiness();
  const status = state.isReady ? 200 : 503;
  return { status, headers: ['content-type', 'application/json'], body: JSON.stringify(state) };
};
