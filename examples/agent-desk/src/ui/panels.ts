/** The panels of an account, in the order of the keyboard. */
export const accountPanels = [
  { id: 'call', digit: 1, title: 'Before a call' },
  { id: 'phones', digit: 2, title: 'Phones' },
  { id: 'attempts', digit: 3, title: 'Attempts' },
  { id: 'notes', digit: 4, title: 'Notes' },
  { id: 'orders', digit: 5, title: 'Orders and collateral' },
  { id: 'balances', digit: 6, title: 'Balances' },
  { id: 'payments', digit: 7, title: 'Payments' },
  { id: 'people', digit: 8, title: 'People' },
] as const;

/** The panels of an order. */
export const orderPanels = [
  { id: 'order', digit: 1, title: 'Order and collateral' },
  { id: 'accounts', digit: 2, title: 'Accounts' },
] as const;

type Panels = typeof accountPanels | typeof orderPanels;

type PanelId = Panels[number]['id'];

const all = [...accountPanels, ...orderPanels];

/** The heading of a panel, and where it is. */
export const panelOf = (id: PanelId) => all.find((panel) => panel.id === id) ?? accountPanels[0];

export const focusPanel = (id: PanelId): void => {
  const heading = document.getElementById(id);
  heading?.focus();
  heading?.closest('section')?.scrollIntoView({ block: 'nearest' });
};

/** The shortcuts that lead to the panels of a page. */
export const panelShortcuts = (panels: Panels): Readonly<Record<string, () => void>> =>
  Object.fromEntries(panels.map(({ digit, id }) => [String(digit), () => focusPanel(id)]));
