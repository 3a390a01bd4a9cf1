import type { OverviewFragment, PersonFragment } from '../../generated/graphql.ts';
import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { nothing } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { panelOf } from '../ui/panels.ts';
import { Badge, Fact, Masked } from '../ui/values.tsx';

const addressOf = ({
  line1,
  line2,
  city,
  state,
  zipCode,
}: NonNullable<PersonFragment['addresses']>[number]) =>
  [line1, line2, [city, [state, zipCode].filter(Boolean).join(' ')].filter(Boolean).join(', ')]
    .filter(Boolean)
    .join(', ');

const Person = ({ person }: { readonly person: PersonFragment }) => (
  <article className="person">
    <h3>
      {person.fullName ?? nothing} <span className="muted">{person.role}</span>{' '}
      {person.isDeceased && <Badge tone="bad">Deceased</Badge>}
    </h3>
    <dl className="facts">
      {person.ssn && (
        <Fact name="SSN">
          <Masked value={person.ssn} scope="pii:read" />
        </Fact>
      )}
      {person.dateOfBirth && (
        <Fact name="Born">
          <Masked value={person.dateOfBirth} scope="pii:read" />
        </Fact>
      )}
      {person.emailAddress && <Fact name="E-mail">{person.emailAddress}</Fact>}
      {person.addresses?.map((address) => (
        <Fact key={addressOf(address)} name="Address">
          {addressOf(address)}
        </Fact>
      ))}
      {person.employer?.name && <Fact name="Employer">{person.employer.name}</Fact>}
    </dl>
  </article>
);

export const PeoplePanel = ({ overview }: { readonly overview: PanelData<OverviewFragment> }) => (
  <Panel {...panelOf('people')} panel={overview} source="Scollect">
    {({ borrower, coBorrowers }) =>
      [borrower, ...(coBorrowers ?? [])].map((person) => <Person key={person.id} person={person} />)
    }
  </Panel>
);
