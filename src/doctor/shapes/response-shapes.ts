import { documentedReads } from '../../sandbox/documented-reads.ts';
import { driftOf, optionalParts } from '../../upstreams/drift/drift-of.ts';
import { keyMask } from '../../upstreams/drift/shape.ts';
import type { Drift } from '../../upstreams/endpoint/drift.ts';
import type { Endpoint } from '../../upstreams/endpoint/endpoint.ts';
import type { HttpReply } from '../../upstreams/endpoint/verdict.ts';
import type { UpstreamSystem } from '../../upstreams/errors.ts';
import { type Difference, leastDifferences } from './differences.ts';
import { bodyShapeOf, type Shape, ShapeCollector } from './shape.ts';

/** The responses of one operation with one status and media type. */
export interface ResponseShape {
  readonly status: number;
  readonly mediaType: string;
  readonly responses: number;
  /** Empty if the body is no JSON. */
  readonly shape: Shape;
}

/** All responses of one operation, and what differs from the documented ones. */
export interface OperationShape {
  readonly endpoint: Endpoint;
  /** What the gateway counts as drift: values that it cannot read, unknown and missing keys, other envelopes. */
  readonly drift: readonly Drift[];
  readonly responses: readonly ResponseShape[];
  /** Every other form than the documented one. The gateway may read it. */
  readonly differences: readonly Difference[];
}

/** Collects the shapes of responses. It keeps no value. */
export interface ResponseShapes {
  add(endpoint: Endpoint, reply: HttpReply): void;
  list(): readonly OperationShape[];
}

/** Bodies that any read may have: nothing was found, or the read failed. */
const commonBodies: Readonly<Record<UpstreamSystem, readonly unknown[]>> = {
  SCOLLECT: [
    { result: { result: [] }, state: '' },
    { result: { error: '' }, state: '' },
    { result: [{ error: '' }, 0], state: '' },
  ],
  RECOVERY_CONNECT: [{ message: '' }],
};

const bodiesOf = (operation: string): unknown[] => {
  const { success, failures } = documentedReads[operation] ?? { success: null, failures: [] };
  return [success, ...failures.map(({ response }) => response)].filter((body) => body !== null);
};

const knownMediaTypes = /^(?:application\/(?:json|problem\+json|xml|octet-stream)|text\/(?:html|plain|xml))$/;

const mediaTypeOf = ({ headers }: HttpReply): string => {
  const [type = ''] = String(headers['content-type'] ?? '')
    .toLowerCase()
    .split(/[; ]/);
  if (type === '') return 'none';
  return knownMediaTypes.test(type) ? type : 'another';
};

interface Collected {
  readonly status: number;
  readonly mediaType: string;
  responses: number;
  readonly collector: ShapeCollector;
}

export const createResponseShapes = (): ResponseShapes => {
  const operations = new Map<Endpoint, Map<string, Collected>>();
  const drifts = new Map<Endpoint, Map<string, Drift>>();

  const addDrift = (endpoint: Endpoint, reply: HttpReply): void => {
    const known = drifts.get(endpoint) ?? new Map<string, Drift>();
    drifts.set(endpoint, known);
    for (const drift of driftOf(endpoint, reply)) known.set(`${drift.kind} ${drift.at}`, drift);
  };

  const differencesOf = (endpoint: Endpoint, responses: readonly ResponseShape[]): Difference[] => {
    const { system, operation } = endpoint;
    const documented = [...bodiesOf(operation), ...commonBodies[system]].map((body) =>
      bodyShapeOf(keyMask, body),
    );
    const seen = new Set<string>();
    return responses
      .flatMap(({ shape }) =>
        shape.size === 0 ? [] : leastDifferences(documented, shape, optionalParts[system]),
      )
      .filter(({ kind, at }) => {
        const name = `${kind} ${at}`;
        return !seen.has(name) && seen.add(name);
      });
  };

  return {
    add: (endpoint, reply) => {
      const { status, json } = reply;
      const mediaType = mediaTypeOf(reply);
      const byForm = operations.get(endpoint) ?? new Map<string, Collected>();
      operations.set(endpoint, byForm);
      const form = `${status} ${mediaType}`;
      const known = byForm.get(form) ?? {
        status,
        mediaType,
        responses: 0,
        collector: new ShapeCollector(keyMask),
      };
      byForm.set(form, known);
      known.responses += 1;
      if (json !== undefined) known.collector.add(json);
      addDrift(endpoint, reply);
    },
    list: () =>
      [...operations].map(([endpoint, byForm]) => {
        const responses = [...byForm.values()].map(({ collector, ...rest }) => ({
          ...rest,
          shape: collector.shape,
        }));
        const drift = [...(drifts.get(endpoint)?.values() ?? [])];
        return { endpoint, responses, drift, differences: differencesOf(endpoint, responses) };
      }),
  };
};
