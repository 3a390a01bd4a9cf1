import type { OrderFragment } from '../../generated/graphql.ts';
import { isSomething, moment, money, nothing, phone } from '../ui/format.ts';
import { Notice } from '../ui/notices.tsx';
import { Badge, Fact, Masked } from '../ui/values.tsx';
import { ViewLink } from '../ui/view-link.tsx';

type Collateral = NonNullable<OrderFragment['collaterals']>[number];
type Person = NonNullable<OrderFragment['borrowers']>[number];

const CollateralCard = ({ collateral }: { readonly collateral: Collateral }) => {
  const { year, make, model, trim, color, vehicleType, vin, licensePlate, licenseState, status, statusNote } =
    collateral;
  const { unpaidBalance, pastDueAmount } = collateral;
  const name = [year, make, model, trim].filter(Boolean).join(' ') || vehicleType || 'Collateral';
  return (
    <div className="collateral">
      <p className="collateral-head">
        <span className="strong">{name}</span>
        {status && <Badge tone={/repossess|recover/i.test(status) ? 'good' : 'info'}>{status}</Badge>}
      </p>
      {statusNote && <p className="muted">{statusNote}</p>}
      <dl className="facts">
        <Fact name="VIN">
          <span className="number">{vin ?? nothing}</span>
        </Fact>
        <Fact name="Plate">{[licensePlate, licenseState].filter(Boolean).join(' · ') || nothing}</Fact>
        {color && <Fact name="Color">{color}</Fact>}
        {isSomething(unpaidBalance) && <Fact name="Unpaid">{money(unpaidBalance)}</Fact>}
        {isSomething(pastDueAmount) && <Fact name="Past due">{money(pastDueAmount)}</Fact>}
      </dl>
    </div>
  );
};

const PersonRow = ({ person: { fullName, role, ssn, isViolent, phones } }: { readonly person: Person }) => (
  <li className="entry">
    <p className="entry-head">
      <span>
        <span className="strong">{fullName ?? nothing}</span> <span className="muted">{role}</span>
      </span>
      {isViolent && <Badge tone="bad">Violent</Badge>}
    </p>
    {ssn && (
      <p className="muted">
        SSN <Masked value={ssn} scope="pii:read" />
      </p>
    )}
    <ul className="numbers">
      {phones?.map(({ id, number, rawNumber, doNotContact }) => (
        <li key={id} className="number">
          {phone(number, rawNumber)} {doNotContact && <Badge tone="bad">Do not contact</Badge>}
        </li>
      ))}
    </ul>
  </li>
);

interface OrderCardProps {
  readonly order: OrderFragment;
  /** Whether its number leads to its own page. */
  readonly isLink?: boolean;
  /** Whether somebody on the order has a name of the account, on the page of an account. */
  readonly nameMatches?: boolean | null;
}

/** An order with its instructions, collaterals and people. */
export const OrderCard = ({ order, isLink = false, nameMatches }: OrderCardProps) => {
  const { orderId, orderType, status, statusChangedAt, caseNumber, clientAccountNumber, note } = order;
  return (
    <article className="order" aria-label={`Order ${orderId}`}>
      <h3 className="order-head">
        <span>
          {orderType ?? 'Order'}{' '}
          {isLink ? (
            <ViewLink to={{ name: 'order', orderId }}>{orderId}</ViewLink>
          ) : (
            <span className="number">{orderId}</span>
          )}
        </span>
        {status && <Badge tone="info">{status}</Badge>}
        {order.isViolent && <Badge tone="bad">Violent</Badge>}
        {order.isSkip && <Badge tone="warn">Skip</Badge>}
      </h3>
      {nameMatches === false && (
        <Notice
          tone="warn"
          title="Matched by the loan number only: nobody on the order has a name of this account"
        />
      )}
      {order.specialInstructions?.map(({ instructionId, content }) => (
        <Notice key={instructionId ?? content} tone="info" title="Instruction">
          <p>{content}</p>
        </Notice>
      ))}
      <dl className="facts">
        <Fact name="Case">{caseNumber ?? nothing}</Fact>
        <Fact name="Loan">
          <Masked value={clientAccountNumber} scope="pii:read" />
        </Fact>
        <Fact name="Status since">{moment(statusChangedAt)}</Fact>
      </dl>
      {note && <p>{note}</p>}
      {order.collaterals?.map((collateral) => (
        <CollateralCard key={collateral.collateralId} collateral={collateral} />
      ))}
      <ul className="rows">
        {order.borrowers?.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </ul>
    </article>
  );
};
