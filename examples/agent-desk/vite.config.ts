import { defineConfig } from 'vite';

/** Where `vite dev` finds the gateway: one that is started with `npm start`, or another. */
const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000';

export default defineConfig({
  build: {
    // `light-dark()` of the style sheet stays as it is.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy allows neither inline scripts nor `data:` addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/graphql': gateway } },
});
