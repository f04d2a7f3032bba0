import { useEffect, useRef, type RefObject } from 'react';

/**
 * For a group of buttons that rest while they work and change afterwards: a browser takes the focus from a button that rests or goes,
 * and whoever uses keys would begin again at the top of the page. It goes back to the same button, or to the first that is left.
 */
export function useKeptFocus(): RefObject<HTMLDivElement | null> {
  const group = useRef<HTMLDivElement>(null);
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const focused = document.activeElement;
    if (focused !== document.body && focused !== null) {
      last.current = group.current?.contains(focused) ? focused : null;
      return;
    }
    if (!last.current) return;
    const buttons = [...(group.current?.querySelectorAll<HTMLButtonElement>('button:enabled') ?? [])];
    (buttons.find((button) => button === last.current) ?? buttons[0])?.focus();
  });
  return group;
}
