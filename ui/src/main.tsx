import '@mantine/core/styles.css';
import './app/app.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from '#contract/client.ts';
import { goToHeadings } from './app/arrival.ts';
import { createAppRouter } from './app/router.tsx';
import { theme, variables } from './app/theme.ts';
import { startLanguage } from './i18n/i18n.ts';
import { Notices } from './parts/notices.tsx';

startLanguage();
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // the server may stand on this very machine: whether there is an internet says nothing
      networkMode: 'always',
      // the server's refusals are answers; only silence is asked again
      retry: (failures, error) => !(error instanceof ApiError) && failures < 3,
    },
    mutations: { networkMode: 'always' },
  },
});
const router = createAppRouter(queries);
goToHeadings(router);
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
// where the library that stops the page from scrolling behind a dialog looks for it
Object.assign(globalThis, { __webpack_nonce__: nonce });

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Notices />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
