/* What `npm start` runs. With the cache Node neither strips nor compiles what it has seen before: quicker, and 20 MB less. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./main.ts');
