import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { isSessionOver } from '../api/presence.ts';
import { usePerson } from './session.ts';

const SignInAgain = lazy(async () => ({ default: (await import('./sign-in-again.tsx')).SignInAgain }));

/** A session that ends while somebody works is renewed over the page, so that nothing typed is lost. */
export function SessionOver() {
  const over = useSyncExternalStore(isSessionOver.subscribe, isSessionOver.get);
  const person = usePerson();
  const queries = useQueryClient();
  if (!over || !person) return null;
  const goOn = (): void => {
    isSessionOver.set(false);
    void queries.invalidateQueries();
  };
  return (
    <Suspense>
      <SignInAgain person={person} goOn={goOn} />
    </Suspense>
  );
}
