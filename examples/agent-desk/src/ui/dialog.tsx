import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { SessionNotice } from './session-notice.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Whether it stays open for now: Escape does nothing. */
  readonly isHeld?: boolean;
  /** Moves the focus at the end, if it must not go back to where it was. */
  readonly onEnd?: () => void;
  readonly children: ReactNode;
}

/** One step of a dialog. It takes the focus, as the button that led to it is gone. */
export const Step = ({ children }: { readonly children: ReactNode }) => {
  const step = useRef<HTMLDivElement>(null);
  useEffect(() => step.current?.focus(), []);
  return (
    <div ref={step} className="step" tabIndex={-1}>
      {children}
    </div>
  );
};

/**
 * A modal dialog. The browser keeps the focus inside, makes the page behind it inert, and gives the focus back at the
 * end.
 */
export const Dialog = ({ title, onClose, isHeld = false, onEnd, children }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const end = useRef(onEnd);
  // Before the effects of its content: a form inside takes the focus from the button to which the browser gives it.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      end.current?.();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className="dialog"
      onCancel={(event) => {
        event.preventDefault();
        if (!isHeld) onClose();
      }}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="quiet" onClick={onClose} disabled={isHeld}>
          Close <kbd className="key">Esc</kbd>
        </button>
      </header>
      <SessionNotice />
      {children}
    </dialog>
  );
};
