import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { contentSecurityPolicy } from './build/csp.ts';
import { offline } from './build/offline.ts';

export default defineConfig({
  base: './',
  plugins: [svelte(), contentSecurityPolicy(), offline()],
  // The package initialises WebAssembly with top-level await, which only module workers may do.
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir: 'dist',
    // A file inlined as a data: URL would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
