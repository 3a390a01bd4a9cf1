import type { Plugin } from 'graphql-yoga';
import type { Metrics, RejectionReason } from '../../telemetry/metrics.ts';

/** Each of these is the status of one kind of refusal only. */
const reasons: Readonly<Record<number, RejectionReason>> = {
  401: 'authentication',
  403: 'forbidden',
  406: 'not_acceptable',
  413: 'too_large',
  415: 'media_type',
  429: 'rate_limit',
};

/** Counts the requests that were turned away, by why. */
export const useRefusalCount = ({ onRefusal }: Pick<Metrics, 'onRefusal'>): Plugin => ({
  onResponse: ({ response }) => {
    const reason = reasons[response.status];
    if (reason) onRefusal(reason);
  },
});
