import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import type { Failure, Fault } from '../gateway/outcome.ts';
import { Notice } from './notices.tsx';
import { Prose } from './prose.tsx';

/** What a field passes to its input: its label and its fault belong to it for screen readers, too. */
export interface InputProps {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

interface FieldProps {
  readonly label: string;
  /** The field of the mutation's input, to which the gateway may find fault. */
  readonly path: string;
  readonly failure: Failure | undefined;
  /** Where the input can be found, by a shortcut for example. */
  readonly inputId?: string;
  readonly children: (props: InputProps) => ReactNode;
}

const faultsAt = (path: string, failure: Failure | undefined): readonly Fault[] =>
  failure?.kind === 'invalid' ? failure.fields.filter((fault) => fault.path === path) : [];

export const Field = ({ label, path, failure, inputId, children }: FieldProps) => {
  const ownId = useId();
  const id = inputId ?? ownId;
  const faults = faultsAt(path, failure);
  const hasFault = faults.length > 0;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': hasFault, 'aria-describedby': hasFault ? `${id}-fault` : undefined })}
      {hasFault && (
        <p id={`${id}-fault`} className="fault">
          {faults.map(({ message }) => message).join(' ')}
        </p>
      )}
    </div>
  );
};

/** Why the mutation did not succeed, and what to do. Faults of fields are next to them. */
export const FailureNotice = ({ failure }: { readonly failure: Failure }) => {
  switch (failure.kind) {
    case 'invalid':
      return <Notice tone="bad" title="Nothing was saved: correct the fields" isUrgent />;
    case 'rejected':
      return (
        <Notice tone="bad" title="Rejected" isUrgent>
          <p>{failure.reason ?? failure.message}</p>
        </Notice>
      );
    case 'notExecuted':
      return (
        <Notice tone="bad" title="Not executed: it is safe to try again" isUrgent>
          <p>{failure.message}</p>
        </Notice>
      );
    case 'unknown':
      return (
        <Notice tone="warn" title="It may have been saved: check before you repeat it" isUrgent>
          <p>{failure.message}</p>
          <Prose text={failure.whatToCheck} />
        </Notice>
      );
  }
};

interface FormProps {
  readonly name: string;
  readonly onSend: () => void;
  /** Closes it; a form without stays open. */
  readonly onClose?: () => void;
  /** Whether its first field gets the focus. */
  readonly takesFocus?: boolean;
  readonly children: ReactNode;
}

/** A form that Ctrl Enter sends and Escape closes. */
export const Form = ({ name, onSend, onClose, takesFocus = false, children }: FormProps) => {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (takesFocus) form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }, [takesFocus]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.current?.requestSubmit();
    }
    if (event.key === 'Escape' && onClose) {
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <form
      ref={form}
      method="dialog"
      aria-label={name}
      className="form"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      {children}
    </form>
  );
};

interface FormEndProps {
  readonly failure: Failure | undefined;
  readonly isSending: boolean;
  /** The text of the button that sends. */
  readonly label: string;
  /** The same while it is sent. */
  readonly sendingLabel: string;
  readonly onClose: () => void;
}

/** The end of a form that can be closed: the failure of the last attempt, and both buttons. */
export const FormEnd = ({ failure, isSending, label, sendingLabel, onClose }: FormEndProps) => (
  <>
    {failure && <FailureNotice failure={failure} />}
    <div className="form-end">
      <button type="button" onClick={onClose}>
        Cancel
      </button>
      <button type="submit" className="primary" disabled={isSending}>
        {isSending ? sendingLabel : label}
      </button>
    </div>
  </>
);
