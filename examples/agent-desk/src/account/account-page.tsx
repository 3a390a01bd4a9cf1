import { useState } from 'react';
import {
  AccountContactsDocument,
  AccountNotesDocument,
  AccountOrdersDocument,
  AccountOverviewDocument,
  AccountPaymentsDocument,
  AccountPhonesDocument,
} from '../../generated/graphql.ts';
import { isForbidden } from '../gateway/problems.ts';
import { dataOf, usePanel } from '../gateway/use-panel.ts';
import { PaymentDialog } from '../payment/payment-dialog.tsx';
import { useCharge } from '../payment/use-charge.ts';
import { announce } from '../ui/announcer.tsx';
import { MessagePage } from '../ui/message-page.tsx';
import { Problems } from '../ui/notices.tsx';
import { accountPanels, focusPanel, panelShortcuts } from '../ui/panels.ts';
import { useShortcuts } from '../ui/shortcuts.tsx';
import { ViewLink } from '../ui/view-link.tsx';
import { AccountHeader } from './account-header.tsx';
import { AttemptsPanel } from './attempts-panel.tsx';
import { BalancesPanel } from './balances-panel.tsx';
import { CallPanel } from './call-panel.tsx';
import { NotesPanel } from './notes-panel.tsx';
import { OrdersPanel } from './orders-panel.tsx';
import { PaymentsPanel } from './payments-panel.tsx';
import { PeoplePanel } from './people-panel.tsx';
import { PhonesPanel } from './phones-panel.tsx';
import { warningsOf } from './warnings.ts';

/** The form that is open. Of an attempt, with the number that was called if that is known. */
export type OpenForm =
  | { readonly name: 'none' | 'phone' | 'payment' }
  | { readonly name: 'attempt'; readonly number: string };

const none: OpenForm = { name: 'none' };

export const AccountPage = ({ fileNumber }: { readonly fileNumber: string }) => {
  const overview = usePanel(AccountOverviewDocument, fileNumber);
  const phones = usePanel(AccountPhonesDocument, fileNumber);
  const contacts = usePanel(AccountContactsDocument, fileNumber);
  const notes = usePanel(AccountNotesDocument, fileNumber);
  const orders = usePanel(AccountOrdersDocument, fileNumber);
  const payments = usePanel(AccountPaymentsDocument, fileNumber);
  const charge = useCharge(fileNumber, { overview, payments });

  const warnings = warningsOf(dataOf(overview), dataOf(orders));

  const [form, setForm] = useState<OpenForm>(none);
  // The form had the focus, which goes to the heading above it.
  const closeAt = (panel: 'phones' | 'attempts') => (): void => {
    setForm(none);
    focusPanel(panel);
  };
  const openAttempt = (number = ''): void => setForm({ name: 'attempt', number });
  const openPayment = (): void => {
    if (charge.canStart) setForm({ name: 'payment' });
    else focusPanel('payments');
  };

  const reloadAll = (): void => {
    for (const panel of [overview, phones, contacts, notes, orders, payments]) panel.reload();
    charge.unknown.reload();
    announce('Reading everything again.');
  };

  useShortcuts({
    n: () => document.getElementById('note-body')?.focus(),
    a: () => openAttempt(),
    p: () => setForm({ name: 'phone' }),
    y: openPayment,
    r: reloadAll,
    ...panelShortcuts(accountPanels),
  });

  const { state } = overview;
  if (state.status === 'absent') {
    return (
      <MessagePage title={`There is no account ${fileNumber}`}>
        <p>Check the file number. A phone or a social security number can be searched as well.</p>
        {/^\d+$/.test(fileNumber) && (
          <p>
            Is it the number of an order?{' '}
            <ViewLink to={{ name: 'order', orderId: fileNumber }}>Open the order</ViewLink>
          </p>
        )}
      </MessagePage>
    );
  }
  if (state.status === 'failed' && isForbidden(state.problems)) {
    return (
      <MessagePage title="You may not see accounts">
        <Problems problems={state.problems} onRetry={undefined} />
      </MessagePage>
    );
  }

  return (
    <main id="main" className="account">
      <AccountHeader
        fileNumber={fileNumber}
        overview={overview}
        warnings={warnings}
        canPay={charge.canStart}
        onAttempt={() => openAttempt()}
        onPhone={() => setForm({ name: 'phone' })}
        onPayment={openPayment}
      />
      <div className="columns">
        <div className="column">
          <CallPanel contacts={contacts} warnings={warnings} />
          <PhonesPanel
            fileNumber={fileNumber}
            phones={phones}
            orders={dataOf(orders)}
            isFormOpen={form.name === 'phone'}
            onOpen={() => setForm({ name: 'phone' })}
            onClose={closeAt('phones')}
            onAttempt={openAttempt}
          />
          <AttemptsPanel
            fileNumber={fileNumber}
            contacts={contacts}
            phones={dataOf(phones)}
            form={form}
            onOpen={() => openAttempt()}
            onClose={closeAt('attempts')}
          />
        </div>
        <div className="column">
          <NotesPanel fileNumber={fileNumber} notes={notes} />
          <OrdersPanel orders={orders} />
        </div>
        <div className="column">
          <BalancesPanel overview={overview} />
          <PaymentsPanel payments={payments} charge={charge} onPay={openPayment} />
          <PeoplePanel overview={overview} />
        </div>
      </div>
      {form.name === 'payment' && (
        <PaymentDialog
          charge={charge}
          payments={dataOf(payments)}
          today={dataOf(contacts)?.contactSummary?.windowEnd}
          balance={dataOf(overview)?.currentBalance}
          onClose={() => setForm(none)}
          onEnd={() => focusPanel('payments')}
        />
      )}
    </main>
  );
};
