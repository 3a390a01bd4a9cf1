import { type RefObject, useId, useState } from 'react';
import { Key } from '../ui/shortcuts.tsx';
import { startSearch } from './search.ts';
import { searchKeyOf } from './search-key.ts';

const names = { fileNumber: 'File number', phone: 'Phone', ssn: 'SSN', order: 'Order' } as const;

const label = 'File number, phone, SSN or #order';

/**
 * One field for all kinds of numbers. It has no `name`, so that no browser can send it as part of an address, and is
 * emptied when the search starts, so that an SSN does not stay on the screen.
 */
export const SearchForm = ({ field }: { readonly field: RefObject<HTMLInputElement | null> }) => {
  const [text, setText] = useState('');
  const key = searchKeyOf(text);
  const id = useId();
  return (
    <search className="search">
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (key === undefined) return;
          setText('');
          startSearch(key);
        }}
      >
        <label htmlFor={id} className="visually-hidden">
          {label}
        </label>
        <div className="search-box">
          <input
            ref={field}
            id={id}
            type="text"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={label}
            autoComplete="off"
            autoCapitalize="characters"
            autoCorrect="off"
            spellCheck={false}
            aria-describedby={`${id}-kind`}
          />
          <span id={`${id}-kind`} className="search-kind" aria-live="polite">
            {key && names[key.kind]}
          </span>
          {text === '' && <Key name="/" />}
        </div>
        <button type="submit" className="primary">
          Open
        </button>
      </form>
    </search>
  );
};
