import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { environment } from '../src/config/environment.ts';
import { readSettings } from '../src/config/settings.ts';
import { readinessWaitMs } from '../src/http/readiness.ts';
import { root } from './support/root.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const documentsOf = (path: string): unknown[] =>
  parseAllDocuments(read(path), { merge: true }).map((document) => {
    expect([path, document.errors, document.warnings]).toEqual([path, [], []]);
    return document.toJS() as unknown;
  });

const text = z.record(z.string(), z.string());

/** Settings of what processes share: their values are of a server that a test does not have. */
const sharedNames = ['STORE_URL', 'REDIS_URL', 'WORKERS'];

/** Returns the drain times that follow from settings, in seconds. Each setting exists. */
const drainOf = (variables: Readonly<Record<string, string>>) => {
  expect(Object.keys(variables).filter((name) => !(name in environment.shape))).toEqual([]);
  const own = Object.fromEntries(Object.entries(variables).filter(([name]) => !sharedNames.includes(name)));
  const settings = readSettings({ ...own, STORE_KEY: '0'.repeat(64) });
  return {
    delay: settings.shutdownDelayMs / 1000,
    whole: (settings.shutdownDelayMs + settings.shutdownTimeoutMs) / 1000,
    isEnough: settings.shutdownTimeoutMs * 0.9 > settings.requestTimeoutMs,
    readSeconds: settings.requestTimeoutMs / 1000,
  };
};

const redisFlags = [
  '--save',
  '',
  '--appendonly',
  'no',
  '--maxmemory',
  '256mb',
  '--maxmemory-policy',
  'noeviction',
];

/** Each image has a version: another one would change the program without a change here. */
const isPinned = (image: string): boolean => image === 'recollect' || /:v?\d+\.\d+(?:\.\d+)?$/.test(image);

describe('deploy/compose.scale.yaml', () => {
  const service = z.looseObject({
    image: z.string(),
    environment: text.default({}),
    ports: z.array(z.string()).default([]),
    volumes: z.array(z.string()).default([]),
    network_mode: z.string().optional(),
  });
  const [composed] = documentsOf('deploy/compose.scale.yaml');
  const { services } = z.looseObject({ services: z.record(z.string(), service) }).parse(composed);
  const names = ['gateway-1', 'gateway-2', 'gateway-3'];

  it('has three equal gateways, each with a sandbox on its loopback', () => {
    for (const [index, name] of names.entries()) {
      expect(services[name]).toEqual(services['gateway-1']);
      expect(services[`sandbox-${index + 1}`]).toMatchObject({ network_mode: `service:${name}` });
    }
    const { environment: variables = {} } = services['gateway-1'] ?? {};
    expect(Object.keys(variables)).toEqual(
      expect.arrayContaining(['STORE_KEY', 'STORE_URL', 'REDIS_URL', 'WORKERS']),
    );
  });

  it('waits for the whole drain, and starts gateways when Postgres and Redis are healthy', () => {
    const gateway = services['gateway-1'];
    const variables = Object.fromEntries(
      Object.entries(gateway?.environment ?? {}).map(([name, value]) => [
        name,
        name === 'AGENCY_TIME_ZONE' ? 'America/New_York' : value,
      ]),
    );
    const { whole, isEnough } = drainOf({
      ...variables,
      AUTH_JWT_SECRET: 'a secret of more than thirty-two bytes',
    });
    expect(isEnough).toBe(true);
    expect(Number(/^(\d+)s$/.exec(z.string().parse(gateway?.['stop_grace_period']))?.[1])).toBeGreaterThan(
      whole,
    );
    const isHealthy = { condition: 'service_healthy' };
    expect(gateway).toMatchObject({ read_only: true, depends_on: { postgres: isHealthy, redis: isHealthy } });
  });

  it('has no secret of its own, publishes one port on this machine only, and pins images', () => {
    const secrets = /^\$\{\w+:\?/;
    expect(services['gateway-1']?.environment['STORE_KEY']).toMatch(secrets);
    expect(services['gateway-1']?.environment['AUTH_JWT_SECRET']).toMatch(secrets);
    expect(services['postgres']?.environment['POSTGRES_PASSWORD']).toMatch(secrets);
    expect(Object.values(services).flatMap(({ ports }) => ports)).toEqual(['127.0.0.1:4000:8080']);
    expect(Object.values(services).filter(({ image }) => !isPinned(image))).toEqual([]);
  });

  it('keeps nothing of Redis on a disk, and lets a full memory fail instead of removing leases', () => {
    expect(services['redis']).toMatchObject({ command: ['redis-server', ...redisFlags], volumes: [] });
  });

  it('has nginx before all gateways, which repeats no POST that was sent', () => {
    const proxy = read('deploy/nginx/recollect-compose.conf');
    expect([...proxy.matchAll(/server (\S+):4000 max_fails=1/g)].map(([, name]) => name)).toEqual(names);
    expect(proxy).toMatch(/proxy_next_upstream error timeout;/);
    const { readSeconds } = drainOf({});
    expect(Number(/proxy_read_timeout (\d+)s/.exec(proxy)?.[1])).toBeGreaterThan(readSeconds);
    expect(services['nginx']?.volumes).toEqual([
      './nginx/recollect-compose.conf:/etc/nginx/conf.d/default.conf:ro',
    ]);
  });
});

describe('deploy/kubernetes-scale', () => {
  const files = readdirSync(join(root, 'deploy/kubernetes-scale'));
  const objects = files.flatMap((file) => documentsOf(`deploy/kubernetes-scale/${file}`));
  const object = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
  const named = (kind: string, name = 'recollect'): unknown =>
    objects.find((one) => {
      const { kind: found, metadata } = object.parse(one);
      return found === kind && metadata.name === name;
    });

  const probe = z.object({
    httpGet: z.object({ path: z.string(), port: z.literal('http') }),
    periodSeconds: z.number(),
    timeoutSeconds: z.number().default(1),
    failureThreshold: z.number(),
  });
  const { spec } = z
    .object({
      spec: z.looseObject({
        strategy: z.unknown(),
        template: z.object({
          spec: z.looseObject({
            terminationGracePeriodSeconds: z.number(),
            topologySpreadConstraints: z.array(z.looseObject({ topologyKey: z.string() })),
            containers: z.tuple([
              z.looseObject({
                image: z.string(),
                securityContext: z.unknown(),
                resources: z.object({ requests: text, limits: text }),
                startupProbe: probe,
                livenessProbe: probe,
                readinessProbe: probe,
              }),
            ]),
          }),
        }),
      }),
    })
    .parse(named('Deployment'));
  const pod = spec.template.spec;
  const [gateway] = pod.containers;
  const { data } = z.object({ data: text }).parse(named('ConfigMap'));
  const autoscaler = z
    .object({ spec: z.looseObject({ minReplicas: z.number(), maxReplicas: z.number() }) })
    .parse(named('HorizontalPodAutoscaler')).spec;

  it('replaces pods only when others are ready, spreads them, and keeps two at least', () => {
    expect(spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
    // The autoscaler's number would be overwritten by each change.
    expect(spec).not.toHaveProperty('replicas');
    expect(autoscaler.minReplicas).toBeGreaterThan(2);
    expect(autoscaler.maxReplicas).toBeGreaterThan(autoscaler.minReplicas);
    expect(autoscaler).toMatchObject({ scaleTargetRef: { kind: 'Deployment', name: 'recollect' } });
    expect(named('PodDisruptionBudget')).toMatchObject({ spec: { maxUnavailable: 1 } });
    expect(pod.topologySpreadConstraints.map(({ topologyKey }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
  });

  it('needs no preStop: the delay exceeds the readiness probe, and the grace period the whole drain', () => {
    const literals = read('deploy/kubernetes-scale/config.yaml').matchAll(/--from-literal=(\w+)=/g);
    const secrets = Object.fromEntries([...literals].map(([, name = '']) => [name, '0'.repeat(64)]));
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(['STORE_KEY', 'STORE_URL', 'REDIS_URL']));
    const { delay, whole, isEnough } = drainOf({ ...secrets, ...data });
    const { periodSeconds, failureThreshold, timeoutSeconds } = gateway.readinessProbe;
    expect(delay).toBeGreaterThan(periodSeconds * failureThreshold + timeoutSeconds);
    // The probe gets the answer of a gateway whose ledger hangs.
    expect(timeoutSeconds * 1000).toBeGreaterThan(readinessWaitMs);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(whole);
    expect(isEnough).toBe(true);
    expect(gateway).not.toHaveProperty('lifecycle');
  });

  it('has the probes, the user and the resources of the set with one pod, and no volume', () => {
    const [single] = documentsOf('deploy/kubernetes/deployment.yaml')
      .filter((one) => object.parse(one).kind === 'Deployment')
      .map((one) =>
        z.looseObject({ spec: z.looseObject({ template: z.looseObject({ spec: z.unknown() }) }) }).parse(one),
      );
    const other = z
      .looseObject({ containers: z.tuple([z.looseObject({})]) })
      .parse(single?.spec.template.spec);
    for (const key of ['image', 'securityContext', 'resources'] as const) {
      expect(gateway[key]).toEqual(other.containers[0][key]);
    }
    expect([gateway.startupProbe, gateway.livenessProbe].map(({ httpGet }) => httpGet.path)).toEqual([
      '/health',
      '/health',
    ]);
    expect(gateway.readinessProbe.httpGet.path).toBe('/ready');
    expect(pod).not.toHaveProperty('volumes');
  });

  it('opens the ports of Postgres and Redis to gateways only', () => {
    const ports = JSON.stringify(named('NetworkPolicy'));
    expect(ports).toContain('"port":5432');
    expect(ports).toContain('"port":6379');
    expect(named('NetworkPolicy', 'recollect-redis')).toMatchObject({
      spec: {
        podSelector: { matchLabels: { app: 'recollect-redis' } },
        ingress: [
          { from: [{ podSelector: { matchLabels: { app: 'recollect' } } }], ports: [{ port: 6379 }] },
        ],
      },
    });
  });

  it('keeps nothing of Redis on a disk, and pins its image', () => {
    const redis = z
      .object({
        spec: z.object({ template: z.object({ spec: z.looseObject({ containers: z.unknown() }) }) }),
      })
      .parse(named('Deployment', 'recollect-redis'));
    expect(redis.spec.template.spec.containers).toMatchObject([{ image: 'redis:8.0.3', args: redisFlags }]);
    expect(redis.spec.template.spec).not.toHaveProperty('volumes');
  });
});
