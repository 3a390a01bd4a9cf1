import { build } from 'rolldown';

// The simulation runs the sources of the gateway, which the compiler of the other programs of the bench does not see.
await build({
  input: { main: 'bench/src/simulation/main.ts', stub: 'bench/src/simulation/stub.ts' },
  platform: 'node',
  external: ['libsql', 'undici'],
  output: { dir: 'bench/dist/simulation', chunkFileNames: 'shared/[name].js', sourcemap: true },
});
