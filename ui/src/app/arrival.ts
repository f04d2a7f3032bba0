/** Where the keys are after a link or a button has led to another page: at its heading, as after opening it anew. */
import type { AnyRouter } from '@tanstack/react-router';

const content = 'content';

/** Of the part of a page that changes: the skip link leads there, and so does every way to a page whose heading waits for data. */
export const contentProps = { id: content, tabIndex: -1 } as const;

/** Not for the first page: there the browser begins at the top. */
export function goToHeadings(router: AnyRouter): void {
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (fromLocation && pathChanged) heading()?.focus();
  });
}

/** For a heading that has just come up: whoever waited for it goes on from there. */
export function arriveAt(found: HTMLElement | null): void {
  if (document.activeElement?.id === content) found?.focus({ preventScroll: true });
}

function heading(): HTMLElement | null {
  return document.querySelector<HTMLElement>('main h1') ?? document.querySelector('main');
}
