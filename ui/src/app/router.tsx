/** Every address of the pages. Screens are loaded when they are first opened. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from '#contract/client.ts';
import { accountsQuery, callerQuery } from './session.ts';
import { NoAccount, NotFound, Unavailable } from './outcomes.tsx';

interface Context {
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Unavailable,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { next?: string } => {
    const { next } = search;
    // a path of ours only: never another site
    return typeof next === 'string' && /^\/a\/[\w/-]*$/.test(next) ? { next } : {};
  },
  component: lazyRouteComponent(() => import('../screens/sign-in/sign-in.tsx'), 'SignIn'),
});
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('../screens/sign-in/set-up.tsx'), 'SetUp'),
});
const signInLink = createRoute({
  getParentRoute: () => root,
  path: '/sign-in-link',
  component: lazyRouteComponent(() => import('../screens/sign-in/link.tsx'), 'SignInLink'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../screens/sign-in/invitation.tsx'), 'AcceptInvitation'),
});

/** Whoever is signed in; others sign in first and come back. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    await context.queries.ensureQueryData(callerQuery).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.pathname } });
    });
  },
});
const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { data } = await context.queries.fetchQuery(accountsQuery);
    if (data[0]) throw redirect({ to: '/a/$account/syncing', params: { account: data[0].id } });
  },
  component: NoAccount,
});
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/a/$account',
  // the frame and much in it follow from the role: known before, nothing moves when it comes
  beforeLoad: async ({ context }) => {
    await context.queries.ensureQueryData(accountsQuery);
  },
  component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
});

const inAccount = <const Path extends string>(
  path: Path,
  load: () => Promise<Record<string, React.ComponentType>>,
  name: string,
) => createRoute({ getParentRoute: () => account, path, component: lazyRouteComponent(load, name) });

const tree = root.addChildren([
  signIn,
  signInLink,
  setUp,
  invitation,
  signedIn.addChildren([
    home,
    account.addChildren([
      inAccount('syncing', () => import('../screens/syncing/syncing.tsx'), 'Syncing'),
      inAccount('syncing/connect', () => import('../screens/connect/connect.tsx'), 'Connect'),
      inAccount('syncing/$connection', () => import('../screens/connection/connection.tsx'), 'Connection'),
      inAccount('syncing/$connection/$sync', () => import('../screens/connection/sync-page.tsx'), 'SyncPage'),
      inAccount('integrations', () => import('../screens/integrations/integrations.tsx'), 'Integrations'),
      inAccount('profiles', () => import('../screens/profiles/profiles.tsx'), 'Profiles'),
      inAccount('profiles/$profile', () => import('../screens/profiles/profile-page.tsx'), 'ProfilePage'),
      inAccount('events', () => import('../screens/events/events.tsx'), 'Events'),
      inAccount('imports', () => import('../screens/imports/imports.tsx'), 'Imports'),
      inAccount('imports/$import', () => import('../screens/imports/import-page.tsx'), 'ImportPage'),
      inAccount('people', () => import('../screens/settings/people.tsx'), 'People'),
      inAccount('keys', () => import('../screens/settings/keys.tsx'), 'ApiKeys'),
      inAccount('alerts', () => import('../screens/alerts/alerts.tsx'), 'Alerts'),
      inAccount('audit', () => import('../screens/settings/audit.tsx'), 'Audit'),
      inAccount('account', () => import('../screens/settings/account.tsx'), 'AccountSettings'),
    ]),
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({ routeTree: tree, context: { queries }, defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
