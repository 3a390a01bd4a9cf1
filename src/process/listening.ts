import type { RequestListener } from 'node:http';
import type { WorkerLink } from '../cluster/worker-link.ts';
import type { Settings } from '../config/settings.ts';
import { shareOfLimits } from '../config/share-of-limits.ts';
import { serve } from '../http/server.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Starts a server whose requests wait until there is something to answer them. */
export const startListening = async (settings: Settings, metrics: Metrics, link: WorkerLink | undefined) => {
  const waiting: Parameters<RequestListener>[] = [];
  let handle: RequestListener = (...exchange) => void waiting.push(exchange);
  const { onConnectionDropped, onStall } = metrics;
  const share = shareOfLimits(settings, settings.workers);
  const options = { ...share, onConnectionDropped, onStall, handedOver: link?.connections };
  const server = await serve((request, response) => handle(request, response), options);
  metrics.watchConnections(server.connections);
  return {
    server,
    answerBy: (handler: RequestListener): void => {
      handle = handler;
      for (const exchange of waiting.splice(0)) handler(...exchange);
    },
  };
};
