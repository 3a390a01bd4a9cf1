import { build } from 'rolldown';

/** What is started by itself. */
const programs = ['main', 'sandbox/main', 'doctor/main', 'print-schema'];

// Each program in a few files, with those parts of the libraries that it uses: loaded as fourteen hundred modules, the
// gateway takes twice as long to start, and more memory for as long as it runs.
await build({
  input: Object.fromEntries(programs.map((name) => [name, `src/${name}.ts`])),
  platform: 'node',
  // Where the crash test steps in between the gateway and the world, and a page of nine megabytes that few ever load.
  external: ['libsql', 'undici', '@graphql-yoga/render-graphiql'],
  output: { dir: 'dist', cleanDir: true, chunkFileNames: 'shared/[name].js', sourcemap: true },
});
