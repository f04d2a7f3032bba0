/** How a person acts on a page: with the mouse, or by the keys of the keyboard alone. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { stillness } from './chromium.ts';

export interface Hands {
  /** Of a button, a link, a tab, an item of a menu: what pressing it does. */
  press(target: Locator): Promise<void>;
  fill(target: Locator, text: string): Promise<void>;
}

export const mouse: Hands = {
  press: (target) => target.click(),
  fill: (target, text) => target.fill(text),
};

export interface Keys extends Hands {
  /** Tab by Tab; what has the focus on the way can be seen, and can be told from what has not. */
  reach(target: Locator): Promise<void>;
}

const mostTabs = 200;
/** Tab leads to one of a group of these; arrows lead on to the others. */
const arrows: Readonly<Record<string, string>> = { tab: 'ArrowRight', menuitem: 'ArrowDown' };

export function byKeys(page: Page): Keys {
  const reach = async (target: Locator): Promise<void> => {
    await target.first().waitFor();
    const role = await target.first().getAttribute('role');
    const arrow = arrows[role ?? ''];
    if (!arrow) return walk(page, target, 'Tab');
    if (role === 'tab') await walk(page, page.getByRole('tab'), 'Tab');
    if (!(await hasFocus(target))) await walk(page, target, arrow);
  };
  return {
    reach,
    async press(target) {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    async fill(target, text) {
      await reach(target);
      // what stands in the field is selected, and typed over
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(text);
    },
  };
}

async function walk(page: Page, target: Locator, key: string): Promise<void> {
  const passed: string[] = [];
  for (let press = 0; press < mostTabs; press++) {
    await page.evaluate(rememberLooks);
    await page.keyboard.press(key);
    await page.evaluate(stillness);
    const { name, problems } = await page.evaluate<Focused>(describeFocused);
    expect(problems, name).toEqual([]);
    if (await hasFocus(target)) return;
    passed.push(name);
  }
  throw new Error(`${mostTabs} presses of ${key} do not reach ${target.toString()}, but ${passed.join(', ')}`);
}

async function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluateAll((found) => found.some((one) => one.matches(':focus')));
}

/** What the keys have led to, without a further press. */
export async function expectFocus(target: Locator): Promise<void> {
  await target.and(target.page().locator(':focus')).waitFor();
}

interface Focused {
  readonly name: string;
  readonly problems: readonly string[];
}

/**
 * Runs in the page. A ring is an outline, a border or a shadow: of the element, of the frame around a field, or, where the element's
 * own box is hidden as that of a radio button can be, of its label.
 */
const shownAs = `
  const ring = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, borderColor, boxShadow } = getComputedStyle(element);
    return [outlineStyle === 'none' ? '' : outlineWidth + outlineColor, borderColor, boxShadow].join(' ');
  };
  const appearance = (element) => {
    const box = element.getBoundingClientRect();
    const isHidden = box.width < 4 || box.height < 4 || getComputedStyle(element).opacity === '0';
    const shown = isHidden ? (element.labels?.[0] ?? element.parentElement) : element;
    const frame = element.matches('input') && element.closest('[data-variant]');
    return { shown, look: ring(shown) + (frame ? ring(frame) : '') };
  };`;

const rememberLooks = `(() => {${shownAs}
  globalThis.looks = new Map();
  for (const element of document.querySelectorAll('a, button, input, textarea, select, summary, [tabindex]'))
    if (element !== document.activeElement) looks.set(element, appearance(element).look);
})()`;

const describeFocused = `(() => {${shownAs}
  const element = document.activeElement;
  // past the last element the browser's own bar has its turn
  if (element === document.body) return { name: 'the browser', problems: [] };
  const { shown, look } = appearance(element);
  const { left, right, top, bottom } = shown.getBoundingClientRect();
  const [width, height] = [Math.min(right, innerWidth) - Math.max(left, 0), Math.min(bottom, innerHeight) - Math.max(top, 0)];
  const problems = [];
  if (width < 1 || height < 1) problems.push('is out of sight');
  const above = document.elementFromPoint(Math.max(left, 0) + width / 2, Math.max(top, 0) + height / 2);
  if (above && !shown.contains(above) && !above.contains(shown)) problems.push('is covered by ' + above.outerHTML.slice(0, 200));
  if (looks.get(element) === look) problems.push('looks as without the focus');
  return { name: element.outerHTML.slice(0, 300), problems };
})()`;
