import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { violationsIn } from '../axe.ts';
import { deskFolder } from './desk.ts';

/** Screenshots of the last run, by page and state. */
const screenshots = join(deskFolder, 'screenshots');

const texts = (json: string): string[] => z.array(z.string()).parse(JSON.parse(json));

/** Rules that the page violates, each with an element. Icons are decoration. */
export const violations = async (page: Page): Promise<string[]> =>
  (await violationsIn(page, ['.notice-icon'])).map(({ rule, element }) => `${rule}: ${element}`);

/** Elements outside of the window, or whose content does not fit them. The search field shortens its placeholder. */
const cutOff = async (page: Page): Promise<string[]> =>
  texts(
    await page.evaluate<string>(`(() => {
      const hidden = '.visually-hidden, .skip-link, input, option, datalist';
      const isCut = (element) => {
        const { left, right, width } = element.getBoundingClientRect();
        if (width === 0 || element.closest(hidden)) return false;
        const isFilled = element.matches('button, .badge, .notice, dd, h1, h2, h3, select');
        return left < -1 || right > innerWidth + 1 || (isFilled && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0);
      };
      return JSON.stringify([...document.querySelectorAll('#root *')].filter(isCut).map((element) => element.tagName + '.' + element.className + ': ' + element.textContent.slice(0, 40)));
    })()`),
  );

const looks = [
  { look: 'light', colorScheme: 'light', width: 1440, height: 900 },
  { look: 'dark', colorScheme: 'dark', width: 1440, height: 900 },
  // 200 % of a window of 1280 × 800 pixels.
  { look: 'zoom', colorScheme: 'light', width: 640, height: 400 },
] as const;

/** Expects a state to be accessible and complete in both themes and at 200 % zoom, and keeps screenshots of it. */
export const expectGoodLooks = async (page: Page, name: string): Promise<void> => {
  mkdirSync(screenshots, { recursive: true });
  for (const { look, colorScheme, width, height } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const isModal = (await page.locator('dialog[open]').count()) > 0;
    await page.screenshot({ path: join(screenshots, `${name}.${look}.png`), fullPage: !isModal });
    expect(await violations(page), `${name}, ${look}`).toEqual([]);
    expect(await cutOff(page), `${name}, ${look}`).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }
};
