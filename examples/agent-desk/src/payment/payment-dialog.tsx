import { useState } from 'react';
import type { PaymentsFragment } from '../../generated/graphql.ts';
import { Dialog, Step } from '../ui/dialog.tsx';
import { FailureNotice, Field, Form } from '../ui/form.tsx';
import { day, isSomething, money, nothing, today } from '../ui/format.ts';
import { Notice } from '../ui/notices.tsx';
import { Fact } from '../ui/values.tsx';
import type { Attempt, Charge } from './charge.ts';
import { UnknownCharge } from './unknown-charge.tsx';
import type { AccountCharge } from './use-charge.ts';

const Sum = ({ attempt }: { readonly attempt: Attempt }) => (
  <dl className="facts">
    <Fact name="Amount">{money(attempt.amount)}</Fact>
    <Fact name="Date">{day(attempt.paymentDate)}</Fact>
  </dl>
);

interface EntryProps {
  readonly charge: Extract<Charge, { step: 'ready' }>;
  readonly payments: PaymentsFragment | undefined;
  readonly startDate: string;
  readonly balance: string | null | undefined;
  readonly send: AccountCharge['send'];
}

const MethodText = ({ methods }: { readonly methods: PaymentsFragment['paymentMethods'] | undefined }) => {
  if (!methods) return nothing;
  if (methods.length === 0) return 'none is kept: the charge may be declined';
  return methods
    .map(({ method, cardLast4 }) => [method, cardLast4 && `ending in ${cardLast4}`].filter(Boolean).join(' '))
    .join(', ');
};

const Entry = ({ charge, payments, startDate, balance, send }: EntryProps) => {
  const [amount, setAmount] = useState(charge.attempt?.amount ?? '');
  const [paymentDate, setPaymentDate] = useState(charge.attempt?.paymentDate ?? startDate);
  const { failure } = charge;
  const settlement = payments?.settlement?.settlementAmount;
  return (
    <Form name="Run a payment" onSend={() => void send({ amount: amount.trim(), paymentDate })} takesFocus>
      <dl className="facts">
        <Fact name="Way to pay">
          <MethodText methods={payments?.paymentMethods} />
        </Fact>
        <Fact name="Current balance">{money(balance)}</Fact>
        {isSomething(settlement) && <Fact name="Settles in full">{money(settlement)}</Fact>}
      </dl>
      <div className="form-row">
        <Field label="Amount in US dollars" path="amount" failure={failure}>
          {(props) => (
            <input
              {...props}
              required
              inputMode="decimal"
              autoComplete="off"
              placeholder="50.00"
              pattern="\s*\d+(\.\d\d?)?\s*"
              title="Dollars and cents, as in 50.00"
              value={amount}
              onChange={(event) => setAmount(event.target.value)}
            />
          )}
        </Field>
        <Field label="Date" path="paymentDate" failure={failure}>
          {(props) => (
            <input
              {...props}
              type="date"
              required
              value={paymentDate}
              onChange={(event) => setPaymentDate(event.target.value)}
            />
          )}
        </Field>
      </div>
      {failure && <FailureNotice failure={failure} />}
      <div className="form-end">
        <button type="submit" className="primary">
          Charge {/^\d+(\.\d\d?)?$/.test(amount.trim()) ? money(amount.trim()) : ''} now
        </button>
      </div>
    </Form>
  );
};

interface PaymentDialogProps {
  readonly charge: AccountCharge;
  readonly payments: PaymentsFragment | undefined;
  /** Today in the agency's time zone, as the gateway says; the browser's day if it does not. */
  readonly today: string | undefined;
  readonly balance: string | null | undefined;
  readonly onClose: () => void;
  /** Moves the focus when it is closed. */
  readonly onEnd: () => void;
}

/** A payment from its entry to its outcome. Only the entry has a button that charges. */
export const PaymentDialog = ({
  charge: account,
  payments,
  today: agencyDay,
  balance,
  onClose,
  onEnd,
}: PaymentDialogProps) => {
  const { charge, send, clear } = account;
  const close = (): void => {
    clear();
    onClose();
  };
  return (
    <Dialog title="Payment" onClose={close} isHeld={charge.step === 'sending'} onEnd={onEnd}>
      {charge.step === 'ready' && (
        <Entry
          charge={charge}
          payments={payments}
          startDate={agencyDay ?? today()}
          balance={balance}
          send={send}
        />
      )}
      {charge.step === 'sending' && (
        <Step key="sending">
          <Notice tone="info" title={charge.before ? 'Asking for the outcome…' : 'Charging…'}>
            <p>Please wait. The page must stay open until the outcome is known.</p>
          </Notice>
          <Sum attempt={charge.attempt} />
        </Step>
      )}
      {charge.step === 'approved' && (
        <Step key="approved">
          <Notice tone="good" title="Approved" isUrgent>
            <p>{charge.approvalCode ? `Approval code ${charge.approvalCode}` : 'Found executed.'}</p>
          </Notice>
          <Sum attempt={charge.attempt} />
          <div className="form-end">
            <button type="button" className="primary" onClick={close}>
              Done
            </button>
          </div>
        </Step>
      )}
      {charge.step === 'declined' && (
        <Step key="declined">
          <Notice tone="bad" title="Declined: nothing was charged" isUrgent>
            <p>{charge.reason}</p>
          </Notice>
          <Sum attempt={charge.attempt} />
          <div className="form-end">
            <button type="button" onClick={close}>
              Close
            </button>
            <button type="button" onClick={clear}>
              Enter another payment
            </button>
          </div>
        </Step>
      )}
      {charge.step === 'unknown' && (
        <Step key="unknown">
          <UnknownCharge account={account} charge={charge} />
        </Step>
      )}
    </Dialog>
  );
};
