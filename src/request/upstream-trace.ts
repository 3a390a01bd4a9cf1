import type { RequestHeaders } from '../auth/client-address.ts';
import type { TracedCall, UpstreamTrace } from './context.ts';

const header = 'x-recollect-trace';

const toTenths = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

const createUpstreamTrace = (): UpstreamTrace => {
  const calls: (() => TracedCall)[] = [];
  return {
    onCall: ({ system, operation, path }, shared) => {
      const begin = performance.now();
      let end: number | undefined;
      let status: number | null = null;
      calls.push(() => {
        // A response that an error made null does not wait for calls in flight.
        const milliseconds = toTenths((end ?? performance.now()) - begin);
        return { system, operation, path, milliseconds, status, shared };
      });
      return (answered) => {
        end = performance.now();
        status = answered;
      };
    },
    onHit: ({ system, operation, path }, ageMs) => {
      const hit = { status: 200, shared: false, cached: true, ageMs: Math.round(ageMs) } as const;
      calls.push(() => ({ system, operation, path, milliseconds: 0, ...hit }));
    },
    calls: () => calls.map((call) => call()),
  };
};

/** Returns the trace of a request with the header `x-recollect-trace: 1`. */
export const traceOf = ({ headers }: { readonly headers: RequestHeaders }): UpstreamTrace | undefined =>
  headers.get(header) === '1' ? createUpstreamTrace() : undefined;
