import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const src = join(import.meta.dirname, '../src');

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { alias: [{ find: /^#(contract|sentences)\//, replacement: `${src}/$1/` }] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 900,
    // what most screens share travels in one file, which packs better, but nothing that the first screen does without; held by tests/web-app/size.io.test.ts
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'base',
              minShareCount: 12,
              test: /^(?!.*components\/(ScrollArea|Table|ActionIcon|TextInput|InputBase)).*(node_modules|contract|i18n)/,
            },
          ],
        },
      },
    },
  },
  // for work on the pages: `npx vite ui`, beside a service at its usual port
  server: { proxy: Object.fromEntries(['/v1', '/auth'].map((path) => [path, 'http://127.0.0.1:8480'])) },
});
