import { build } from 'rolldown';

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

// V8 keeps the text of a program for as long as that runs, in two bytes a character if any of them is not of Latin-1:
// for a few dashes and dots it would take three megabytes more.
const inAscii = {
  name: 'in-ascii',
  generateBundle: (_, bundle) => {
    for (const part of Object.values(bundle)) {
      if (part.type === 'chunk') part.code = part.code.replace(/[^\0-\x7f]/g, escaped);
    }
  },
};

/** What is started by itself. */
const programs = [
  'main',
  'sandbox/main',
  'doctor/main',
  'ledger-commands/main',
  'schema/print-schema',
  'docs/main',
];

// Each program in a few files, with those parts of the libraries that it uses: loaded as fourteen hundred modules, the
// gateway takes twice as long to start, and more memory for as long as it runs.
await build({
  input: Object.fromEntries(programs.map((name) => [name, `src/${name}.ts`])),
  platform: 'node',
  plugins: [inAscii],
  // Where the crash test steps in between the gateway and the world.
  external: ['libsql', 'undici'],
  output: {
    dir: 'dist',
    cleanDir: true,
    chunkFileNames: 'shared/[name].js',
    sourcemap: true,
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});
