import { createChoice } from './store.ts';

export const themes = ['system', 'light', 'dark'] as const;

export type Theme = (typeof themes)[number];

/** The chosen theme; `system` follows the setting of the operating system (`prefers-color-scheme`). */
export const theme = createChoice<Theme>('theme', themes);

const apply = (): void => {
  document.documentElement.dataset['theme'] = theme.get();
};

/** Applies the theme now and after each choice. */
export const followTheme = (): void => {
  apply();
  theme.subscribe(apply);
};
