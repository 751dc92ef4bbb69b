import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';

// Browsers of the last two years: agencies' workstations are kept current, and nothing is shipped for others.
const BROWSERS = ['chrome123', 'edge123', 'firefox121', 'safari17.5'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compression({ algorithms: ['gzip', 'brotliCompress'], exclude: [/\.html$/], threshold: 1024 })],
  // The libraries' sources, so that nothing has to be compiled before.
  resolve: { conditions: ['clearance-source', ...defaultClientConditions] },
  // The gateway puts each answer's own nonce in the place of this word: apps/gateway/src/console.
  html: { cspNonce: 'CONSOLE-NONCE' },
  build: {
    outDir: 'dist/site',
    emptyOutDir: true,
    target: BROWSERS,
    cssTarget: BROWSERS,
    // An image in a style sheet or a script would need `data:` in the page's policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
});
