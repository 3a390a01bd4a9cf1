import { Gauge, type Registry } from 'prom-client';
import packageJson from '../../../package.json' with { type: 'json' };

/** Adds the gauge that names the version of the gateway and of Node. */
export const addBuildInfo = (registers: Registry[]): void => {
  const gauge = new Gauge({
    name: 'recollect_build_info',
    help: 'Version of the gateway and of Node; always 1.',
    labelNames: ['version', 'node'],
    registers,
  });
  gauge.set({ version: packageJson.version, node: process.versions.node }, 1);
};
