import { lazy, Suspense, useSyncExternalStore } from 'react';
import { spoken } from './notify.ts';

const Corner = lazy(async () => ({ default: (await import('./corner.tsx')).Corner }));

/** Where short notices come and go. */
export function Notices() {
  const wanted = useSyncExternalStore(spoken.subscribe, spoken.get);
  return <Suspense>{wanted && <Corner />}</Suspense>;
}
