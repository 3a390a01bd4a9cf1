import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { environment } from '../src/config/environment.ts';
import { readSettings } from '../src/config/settings.ts';
import { readinessWaitMs } from '../src/http/readiness.ts';
import { contextFilter, stagesOf } from './support/deploy/dockerfile-text.ts';
import { root } from './support/root.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Returns the documents of a YAML file, which must have no errors. */
const documentsOf = (path: string): unknown[] =>
  parseAllDocuments(read(path)).map((document) => {
    expect([path, document.errors, document.warnings]).toEqual([path, [], []]);
    return document.toJS() as unknown;
  });

const text = z.record(z.string(), z.string());

/** Settings with which a gateway starts, if others are added. */
const upstream = { SCOLLECT_URL: 'https://a.example', SCOLLECT_API_KEY: 'key', SCOLLECT_PIN: 'pin' };
const authentication = { AUTH_JWT_SECRET: 'a secret of more than thirty-two bytes' };

const secondsOf = (duration: string): number => {
  const [, seconds] = /^(\d+)s?$/.exec(duration) ?? [];
  if (seconds === undefined) throw new Error(`Expected seconds, found ${duration}.`);
  return Number(seconds);
};

/** Returns the drain times that follow from settings, in seconds, and whether all settings are known. */
const drainOf = (variables: Readonly<Record<string, string>>) => {
  const ours = Object.keys(variables).filter((name) => !name.startsWith('OTEL_'));
  expect(ours.filter((name) => !(name in environment.shape))).toEqual([]);
  const hasKeys = 'AUTH_JWKS_URL' in variables;
  const settings = readSettings({ ...upstream, ...(hasKeys ? {} : authentication), ...variables });
  return {
    delay: settings.shutdownDelayMs / 1000,
    whole: (settings.shutdownDelayMs + settings.shutdownTimeoutMs) / 1000,
    /** What is in flight has its whole time before it is answered early. */
    isEnough: settings.shutdownTimeoutMs * 0.9 > settings.requestTimeoutMs,
  };
};

describe('deploy/Dockerfile and .dockerignore', () => {
  const stages = stagesOf(read('deploy/Dockerfile'));
  const instructions = stages.at(-1)?.instructions ?? [];
  const all = (name: string): string[] =>
    instructions.filter((one) => one.name === name).map(({ rest }) => rest);

  it('use one version of Node, that of production', () => {
    expect(new Set(stages.map(({ image }) => image))).toEqual(new Set(['node:26-slim']));
  });

  it('run Node itself as a user that is not root, without packages of development', () => {
    expect(all('USER')).toEqual(['1000:1000']);
    expect(all('CMD').join()).toMatch(/^\["node", "\w+\/main\.js"\]$/);
    expect(all('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(all('HEALTHCHECK').join()).toContain('CMD ["node", "-e",');
    expect(all('ENV').join()).toContain('NODE_ENV=production');
    // In a container with less than 2 GB, Node's own choice is smaller.
    expect(all('ENV')).toContain('NODE_OPTIONS=--max-semi-space-size=16');
    expect(all('VOLUME')).toEqual(['/data']);
    expect(all('RUN').join()).not.toContain('npm');
    expect(all('COPY')).toContain('--from=packages /app/node_modules ./node_modules');
  });

  it('send nothing to the build but what it needs', () => {
    const isSent = contextFilter(read('.dockerignore'));
    const kept = [
      'package.json',
      'package-lock.json',
      'build.js',
      'src/main.ts',
      'schema.graphql',
      'LICENSE',
    ];
    expect(kept.filter((path) => !isSent(path))).toEqual([]);
    const secret = [
      '.env',
      '.env.production',
      'src/.env',
      '.git/config',
      'data/gateway.db',
      'data/gateway.key',
      'src/gateway.db-wal',
      'src/gateway.key',
      'node_modules/undici/package.json',
      'src/values/date.test.ts',
      'test/stop.test.ts',
      'deploy/compose.yaml',
      'generated/graphql.ts',
    ];
    expect(secret.filter(isSent)).toEqual([]);
  });
});

describe('deploy/compose.yaml', () => {
  const service = z.looseObject({
    image: z.string(),
    environment: text.default({}),
    volumes: z.array(z.string()).default([]),
    ports: z.array(z.string()).default([]),
  });
  const [composed] = documentsOf('deploy/compose.yaml');
  const { services, volumes } = z
    .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
    .parse(composed);
  const { gateway, sandbox } = services;

  it('has the services, and publishes their ports on this machine only', () => {
    expect(Object.keys(services)).toEqual(['gateway', 'sandbox', 'prometheus', 'grafana', 'otel-collector']);
    const ports = Object.values(services).flatMap((one) => one.ports);
    expect(ports).toHaveLength(3);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('mounts files and volumes that exist, and the ledger where the image has it', () => {
    const sources = Object.values(services).flatMap((one) =>
      one.volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const files = sources.filter((source) => source.startsWith('./'));
    // Written with the dashboard.
    const present = files.filter((file) => file !== './grafana/recollect.json');
    for (const file of present) {
      expect(readdirSync(join(root, 'deploy', file, '..'))).toContain(file.split('/').at(-1));
    }
    expect(sources.filter((source) => !source.startsWith('./'))).toEqual(Object.keys(volumes));
    expect(gateway?.volumes).toEqual(['ledger:/data']);
  });

  it('runs the gateway read-only, and waits for its whole drain', () => {
    expect(gateway).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(sandbox).toMatchObject({ read_only: true, image: gateway?.image });
    const { AUTH_JWT_SECRET: secret, AGENCY_TIME_ZONE: zone, ...variables } = gateway?.environment ?? {};
    expect(secret).toMatch(/^\$\{AUTH_JWT_SECRET:\?/);
    expect(zone).toBe(`\${AGENCY_TIME_ZONE:-America/New_York}`);
    const { whole, isEnough } = drainOf(variables);
    expect(secondsOf(z.string().parse(gateway?.['stop_grace_period']))).toBeGreaterThan(whole);
    expect(isEnough).toBe(true);
  });

  it('points the gateway to the sandbox, which is on its loopback', () => {
    expect(sandbox).toMatchObject({ network_mode: 'service:gateway' });
    const source = read('src/sandbox/main.ts');
    for (const name of ['SCOLLECT_URL', 'RECOVERYCONNECT_URL']) {
      const { hostname, port } = new URL(gateway?.environment[name] ?? '');
      expect(hostname).toBe('127.0.0.1');
      expect(source).toContain(port);
    }
  });
});

describe('deploy/prometheus, deploy/grafana and deploy/otel', () => {
  it('scrape the gateway, show its dashboard and receive its traces', () => {
    expect(documentsOf('deploy/prometheus/prometheus.yml')).toMatchObject([
      {
        rule_files: ['alerts.yml'],
        scrape_configs: [{ job_name: 'recollect', static_configs: [{ targets: ['gateway:4000'] }] }],
      },
    ]);
    expect(documentsOf('deploy/grafana/provisioning/datasources/prometheus.yaml')).toMatchObject([
      { datasources: [{ uid: 'prometheus', url: 'http://prometheus:9090', isDefault: true }] },
    ]);
    expect(documentsOf('deploy/grafana/provisioning/dashboards/recollect.yaml')).toMatchObject([
      { providers: [{ options: { path: '/var/lib/grafana/dashboards' } }] },
    ]);
    expect(documentsOf('deploy/otel/collector.yaml')).toMatchObject([
      { receivers: { otlp: { protocols: { http: { endpoint: '0.0.0.0:4318' } } } } },
    ]);
  });
});

describe('deploy/systemd/recollect.service', () => {
  const unit = read('deploy/systemd/recollect.service');
  const all = (name: string): string[] =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

  it('waits for the whole drain, and keeps the ledger in its folder', () => {
    const variables = Object.fromEntries(
      all('Environment').map((line) => line.split('=') as [string, string]),
    );
    const { delay, whole, isEnough } = drainOf(variables);
    expect(delay).toBeGreaterThan(0);
    expect(isEnough).toBe(true);
    expect(all('TimeoutStopSec').map(Number)[0]).toBeGreaterThan(whole);
    expect(all('StateDirectory')).toEqual(['recollect']);
    expect(variables['STORE_URL']).toBe('file:/var/lib/recollect/gateway.db');
  });

  it('runs Node itself, as a user of its own', () => {
    expect(all('ExecStart')).toEqual(['/usr/bin/node dist/main.js']);
    expect(all('User')).toEqual(['recollect']);
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });
});

describe('deploy/kubernetes', () => {
  const files = readdirSync(join(root, 'deploy/kubernetes')).filter((file) => file.endsWith('.yaml'));
  const objects = files.flatMap((file) => documentsOf(`deploy/kubernetes/${file}`));
  const object = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({}) });
  const ofKind = <Shape extends z.ZodType>(kind: string, shape: Shape): z.output<Shape> =>
    shape.parse(objects.find((one) => object.parse(one).kind === kind));

  const probe = z.object({
    httpGet: z.object({ path: z.string(), port: z.literal('http') }),
    periodSeconds: z.number(),
    timeoutSeconds: z.number().default(1),
    failureThreshold: z.number(),
  });
  const container = z.object({
    ports: z.tuple([z.object({ name: z.literal('http'), containerPort: z.number() })]),
    envFrom: z.array(z.unknown()),
    securityContext: z.unknown(),
    volumeMounts: z.array(z.unknown()),
    resources: z.object({ requests: text, limits: text }),
    startupProbe: probe,
    livenessProbe: probe,
    readinessProbe: probe,
  });
  const pod = z.looseObject({
    terminationGracePeriodSeconds: z.number(),
    securityContext: z.unknown(),
    containers: z.tuple([container]),
  });
  const { spec: deployment } = ofKind(
    'Deployment',
    z.object({
      spec: z.object({
        replicas: z.number(),
        strategy: z.unknown(),
        template: z.object({ metadata: z.unknown(), spec: pod }),
      }),
    }),
  );
  const {
    metadata,
    spec: { containers, ...podSpec },
  } = deployment.template;
  const [gateway] = containers;
  const { data: config } = ofKind('ConfigMap', z.object({ data: text }));

  it('has one pod at a time on one volume: the ledger is one file', () => {
    expect(deployment).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    expect(ofKind('PersistentVolumeClaim', z.unknown())).toMatchObject({
      metadata: { name: 'recollect-ledger' },
      spec: { accessModes: ['ReadWriteOnce'] },
    });
    expect(gateway.volumeMounts).toEqual([{ name: 'ledger', mountPath: '/data' }]);
    expect(podSpec['volumes']).toEqual([
      { name: 'ledger', persistentVolumeClaim: { claimName: 'recollect-ledger' } },
    ]);
  });

  it('delays the drain until the readiness probe has failed, and waits for all of it', () => {
    const literals = read('deploy/kubernetes/config.yaml').matchAll(/--from-literal=(\w+)=/g);
    const secrets = Object.fromEntries([...literals].map(([, name = '']) => [name, '0'.repeat(64)]));
    const { delay, whole, isEnough } = drainOf({ ...secrets, ...config });
    const { periodSeconds, failureThreshold, timeoutSeconds } = gateway.readinessProbe;
    expect(delay).toBeGreaterThan(periodSeconds * failureThreshold + timeoutSeconds);
    // The probe gets the answer of a gateway whose ledger hangs.
    expect(timeoutSeconds * 1000).toBeGreaterThan(readinessWaitMs);
    expect(podSpec.terminationGracePeriodSeconds).toBeGreaterThan(whole);
    expect(isEnough).toBe(true);
  });

  it('asks /health whether to restart the pod, and /ready whether to send requests', () => {
    expect(gateway.startupProbe.httpGet.path).toBe('/health');
    expect(gateway.livenessProbe.httpGet.path).toBe('/health');
    expect(gateway.readinessProbe.httpGet.path).toBe('/ready');
    expect(gateway.ports[0].containerPort).toBe(4000);
    expect(ofKind('Service', z.unknown())).toMatchObject({
      spec: { selector: { app: 'recollect' }, ports: [{ targetPort: 'http' }] },
    });
    expect(metadata).toEqual({ labels: { app: 'recollect' } });
  });

  it('runs as the user of the image, on a read-only tree', () => {
    expect(podSpec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      // Kubernetes would open the key to the group, and the gateway would reject it.
      fsGroupChangePolicy: 'OnRootMismatch',
    });
    expect(gateway.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(read('deploy/kubernetes/config.yaml')).toContain('STORE_KEY=$(openssl rand -hex 32)');
  });

  it('has memory for the peak of the benchmark, and for all responses that may arrive at once', () => {
    const mebibytesIn = (amount = ''): number => Number(/^(\d+)Mi$/.exec(amount)?.[1]);
    const documented = read('docs/deploying.md').match(/(\d+) MB \(portfolios\)/)?.[1];
    const { maxResponseBytes } = readSettings({ ...upstream, ...authentication }).upstreams;
    const atOnce = 4 * Math.ceil(maxResponseBytes / 2 ** 20);
    expect(mebibytesIn(gateway.resources.requests['memory'])).toBeGreaterThan(Number(documented));
    expect(mebibytesIn(gateway.resources.limits['memory'])).toBeGreaterThan(Number(documented) + atOnce);
    expect(gateway.resources.limits).not.toHaveProperty('cpu');
  });

  it('never blocks a drain of its node', () => {
    expect(ofKind('PodDisruptionBudget', z.unknown())).toMatchObject({ spec: { maxUnavailable: 1 } });
  });
});
