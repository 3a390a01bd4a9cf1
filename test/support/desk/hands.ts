import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** How an agent operates the page. A journey uses nothing else, so that it exists for each device. */
export interface Hands {
  /** Activates a button or a link, or changes a checkbox. */
  readonly press: (control: Locator) => Promise<void>;
  /** Replaces the text of a field. */
  readonly type: (field: Locator, text: string) => Promise<void>;
  /** Chooses an option of a list by its text. */
  readonly choose: (list: Locator, option: string) => Promise<void>;
  /** Closes what is open. */
  readonly close: () => Promise<void>;
}

/**
 * Notes what does not come from the keyboard: pointers, and input without a key before it, as by `fill`. The
 * expectation at the end of a journey then fails.
 */
export const keyboardWitness = `
  window.otherInput = [];
  let hadKey = false;
  addEventListener('keydown', () => { hadKey = true; }, true);
  addEventListener('pointerdown', () => window.otherInput.push('pointer'), true);
  addEventListener('input', () => { if (!hadKey) window.otherInput.push('input without a key'); hadKey = false; }, true);
`;

export const otherInput = (page: Page): Promise<string[]> => page.evaluate<string[]>('window.otherInput');

/** More than there are controls on any page. */
const maxTabs = 150;

/** Moves the focus to a control by Tab alone. */
const reach = async (page: Page, control: Locator): Promise<void> => {
  await control.waitFor();
  const focused = control.and(page.locator(':focus'));
  for (let tabs = 0; tabs < maxTabs; tabs += 1) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  expect.fail(`Tab does not reach ${control}.`);
};

const keyboard = (page: Page): Hands => ({
  press: async (control) => {
    await reach(page, control);
    await page.keyboard.press((await control.getAttribute('type')) === 'checkbox' ? 'Space' : 'Enter');
  },
  type: async (field, text) => {
    await reach(page, field);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  },
  choose: async (list, option) => {
    await reach(page, list);
    await page.keyboard.press('Home');
    const chosen = () => list.locator('option:checked').innerText();
    const count = await list.locator('option').count();
    for (let step = 0; step < count && (await chosen()) !== option; step += 1) {
      await page.keyboard.press('ArrowDown');
    }
    expect(await chosen()).toBe(option);
  },
  close: () => page.keyboard.press('Escape'),
});

const mouse = (page: Page): Hands => ({
  press: (control) => control.click(),
  type: async (field, text) => {
    await field.click();
    await field.fill(text);
  },
  choose: async (list, option) => {
    await list.selectOption(option);
  },
  close: () =>
    page
      .getByRole('button', { name: /^(Close|Cancel)/ })
      .last()
      .click(),
});

/** The ways to operate the page. */
export const devices = { mouse, keyboard } as const;

export type Device = keyof typeof devices;
