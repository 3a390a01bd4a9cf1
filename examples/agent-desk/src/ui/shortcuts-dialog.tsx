import { Dialog } from './dialog.tsx';
import { accountPanels, orderPanels } from './panels.ts';
import { singleKeys } from './shortcuts.tsx';
import { useStore } from './store.ts';

const keys: readonly (readonly [string, string])[] = [
  ['/', 'Search'],
  ['n', 'Add a note'],
  ['a', 'Record an attempt'],
  ['p', 'Add a phone'],
  ['y', 'Run a payment'],
  ['r', 'Read all again'],
  ['?', 'This list'],
  ['Ctrl ↵', 'Send the form'],
  ['Esc', 'Close the form'],
];

const Row = ({ name, meaning }: { readonly name: string; readonly meaning: string }) => (
  <div className="shortcut">
    <dt>
      <kbd className="key">{name}</kbd>
    </dt>
    <dd>{meaning}</dd>
  </div>
);

export const ShortcutsDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const areOn = useStore(singleKeys) === 'on';
  return (
    <Dialog title="Shortcuts" onClose={onClose}>
      <div className="shortcuts">
        <dl aria-label="Actions">
          {keys.map(([name, meaning]) => (
            <Row key={name} name={name} meaning={meaning} />
          ))}
        </dl>
        <div className="shortcut-groups">
          <h3>On an account</h3>
          <dl aria-label="Panels of an account">
            {accountPanels.map(({ digit, title }) => (
              <Row key={digit} name={String(digit)} meaning={title} />
            ))}
          </dl>
          <h3>On an order</h3>
          <dl aria-label="Panels of an order">
            {orderPanels.map(({ digit, title }) => (
              <Row key={digit} name={String(digit)} meaning={title} />
            ))}
          </dl>
        </div>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={areOn}
          onChange={(event) => singleKeys.set(event.target.checked ? 'on' : 'off')}
        />
        Single keys work outside of fields
      </label>
    </Dialog>
  );
};
