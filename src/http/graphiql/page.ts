import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { clientScript, notice, ownStyle, type PageOptions } from './graphiql-client.ts';
import { storageScript } from './graphiql-storage.ts';
import { favicon } from './logo.ts';

/** GraphiQL's page and its content security policy. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

type Parts = typeof import('@graphql-yoga/render-graphiql/graphiql');

/**
 * Loads GraphiQL. Its nine megabytes of text are needed once, until the page is compressed: unlike with `import`, they are not
 * kept.
 */
const loadParts = (): Parts => {
  const require = createRequire(import.meta.url);
  const name = '@graphql-yoga/render-graphiql/graphiql';
  const parts = require(name) as Parts;
  delete require.cache[require.resolve(name)];
  return parts;
};

/** The script of Monaco, GraphiQL's editor, in a worker: from a blob, so that it needs no address. */
const workersScript = ({ editorWorkerService, jsonWorker, graphqlWorker }: Parts): string => `(() => {
  const addressOf = (script) => URL.createObjectURL(new Blob([script], { type: 'application/javascript' }));
  const workers = {
    editorWorkerService: addressOf(${JSON.stringify(editorWorkerService)}),
    json: addressOf(${JSON.stringify(jsonWorker)}),
    graphql: addressOf(${JSON.stringify(graphqlWorker)}),
  };
  self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => workers[label] };
})();`;

/** Allows its own scripts, and workers created from them, styles that its editor writes, and requests to this server. */
const policyFor = (scripts: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src ${scripts.map((script) => `'sha256-${hash('sha256', script, 'base64')}'`).join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export const renderPage = (options: PageOptions): Page => {
  const parts = loadParts();
  // In their order: the first guards the browser's storage from all others.
  const first = storageScript;
  const others = [workersScript(parts), parts.js, clientScript(options)];
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<script>${first}</script>
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Recollect</title>
<link rel="icon" href="${favicon}">
<style>${parts.css}</style>
<style>${ownStyle}</style>
</head>
<body id="body">
<noscript>GraphiQL needs JavaScript.</noscript>
${notice}
<main><h1>Recollect: GraphiQL</h1><div id="root"></div></main>
${others.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
  return { html, policy: policyFor([first, ...others]) };
};
