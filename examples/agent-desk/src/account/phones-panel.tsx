import type { PhonesFragment } from '../../generated/graphql.ts';
import { AddPhone } from '../actions/add-phone.tsx';
import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { day, nothing, phone } from '../ui/format.ts';
import type { Tone } from '../ui/notices.tsx';
import { Panel } from '../ui/panel.tsx';
import { panelOf } from '../ui/panels.ts';
import { Key } from '../ui/shortcuts.tsx';
import { Badge } from '../ui/values.tsx';
import type { AccountOrders } from './warnings.ts';

type AccountPhone = NonNullable<PhonesFragment['phones']>[number];

/** A phone of a person on an order, in RecoveryConnect. */
interface OrderPhone {
  readonly number: string | null;
  readonly rawNumber: string;
  readonly who: string;
  readonly isValid: boolean | null;
  readonly doNotContact: boolean | null;
}

const phonesOn = ({ orders }: AccountOrders): OrderPhone[] =>
  (orders?.edges ?? []).flatMap(({ node: { borrowers } }) =>
    (borrowers ?? []).flatMap(({ fullName, role, phones }) =>
      (phones ?? []).map((entry) => ({ ...entry, who: fullName ?? role ?? nothing })),
    ),
  );

const toneOf = (status: string): Tone | 'plain' => {
  if (/good|valid|verified/i.test(status) && !/not|in-?valid|no /i.test(status)) return 'good';
  return /disconnect|wrong|bad|invalid|do not|dnc/i.test(status) ? 'bad' : 'plain';
};

/** What the orders say of a number. Both systems are right about what they know: one warning is enough. */
const OrderMarks = ({ marks }: { readonly marks: readonly OrderPhone[] }) => (
  <>
    {marks.some(({ doNotContact }) => doNotContact) && <Badge tone="bad">Do not contact</Badge>}
    {marks.some(({ isValid }) => isValid === false) && <Badge tone="bad">Not valid</Badge>}
  </>
);

interface RowProps {
  readonly number: string | null;
  readonly rawNumber: string;
  readonly about: string;
  readonly status?: string | null;
  readonly marks: readonly OrderPhone[];
  readonly onAttempt: (number: string) => void;
}

const PhoneRow = ({ number, rawNumber, about, status, marks, onAttempt }: RowProps) => {
  const shown = phone(number, rawNumber);
  return (
    <li className="row">
      <div>
        <span className="number strong">{shown}</span>
        <span className="muted">{about}</span>
      </div>
      <div className="row-end">
        {status && <Badge tone={toneOf(status)}>{status}</Badge>}
        <OrderMarks marks={marks} />
        {number !== null && !marks.some(({ doNotContact }) => doNotContact) && (
          <button type="button" className="small" onClick={() => onAttempt(number)}>
            Attempt<span className="visually-hidden"> to {shown}</span>
          </button>
        )}
      </div>
    </li>
  );
};

const aboutOf = ({ type, origin, updatedAt }: AccountPhone): string =>
  [type, origin, updatedAt && day(updatedAt.slice(0, 10))].filter(Boolean).join(' · ');

interface PhonesPanelProps {
  readonly fileNumber: string;
  readonly phones: PanelData<PhonesFragment>;
  readonly orders: AccountOrders | undefined;
  readonly isFormOpen: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onAttempt: (number: string) => void;
}

/** The phones of the account, each with what the orders say of it, and further phones of the orders. */
export const PhonesPanel = (props: PhonesPanelProps) => {
  const { fileNumber, phones, orders, isFormOpen, onOpen, onClose, onAttempt } = props;
  const onOrders = orders ? phonesOn(orders) : [];
  const list = (own: readonly AccountPhone[]) => {
    const further = onOrders.filter(
      ({ number }) => number === null || !own.some((one) => one.number === number),
    );
    return (
      <>
        {own.length === 0 && <p className="none">No phone is recorded.</p>}
        <ul className="rows">
          {own.map((one) => (
            <PhoneRow
              key={one.id}
              {...one}
              about={aboutOf(one)}
              marks={onOrders.filter(({ number }) => number !== null && number === one.number)}
              onAttempt={onAttempt}
            />
          ))}
        </ul>
        {further.length > 0 && (
          <>
            <h3>On orders only</h3>
            <ul className="rows">
              {further.map((one) => (
                <PhoneRow
                  key={`${one.rawNumber} ${one.who}`}
                  number={one.number}
                  rawNumber={one.rawNumber}
                  about={`${one.who} · RecoveryConnect`}
                  marks={[one]}
                  onAttempt={onAttempt}
                />
              ))}
            </ul>
          </>
        )}
      </>
    );
  };
  return (
    <Panel
      {...panelOf('phones')}
      panel={phones}
      source="Scollect"
      actions={
        <button
          type="button"
          className="small"
          aria-expanded={isFormOpen}
          onClick={isFormOpen ? onClose : onOpen}
        >
          Add <Key name="p" />
        </button>
      }
      lead={isFormOpen && <AddPhone fileNumber={fileNumber} phones={phones} onClose={onClose} />}
    >
      {({ phones: own }) => own && list(own)}
    </Panel>
  );
};
