import type { ContactsFragment } from '../../generated/graphql.ts';
import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { day, phone } from '../ui/format.ts';
import { Notice } from '../ui/notices.tsx';
import { Panel } from '../ui/panel.tsx';
import { panelOf } from '../ui/panels.ts';
import { Fact } from '../ui/values.tsx';
import type { Warning } from './warnings.ts';

type Summary = NonNullable<ContactsFragment['contactSummary']>;

interface VerdictProps {
  readonly callFrequency: Summary['callFrequency'];
  readonly warnings: readonly Warning[];
}

/** Whether one more call today is one too many. It is never green while something else speaks against a call. */
const Verdict = ({ callFrequency, warnings }: VerdictProps) => {
  const { wouldNextCallBePresumedExcessive, nextDateWithoutPresumption, isIncomplete } = callFrequency;
  const others = warnings.length > 0 && (
    <p>Consider before a call: {warnings.map(({ title }) => title).join('; ')}.</p>
  );
  return wouldNextCallBePresumedExcessive ? (
    <Notice tone="bad" title="A call today would be presumed excessive">
      <p>By these records, not before {day(nextDateWithoutPresumption)}.</p>
      {others}
    </Notice>
  ) : (
    <Notice
      tone={isIncomplete || others ? 'warn' : 'good'}
      title="By these records, a call today is not presumed excessive"
    >
      {others}
    </Notice>
  );
};

interface CallSummaryProps {
  readonly summary: Summary;
  readonly warnings: readonly Warning[];
}

const CallSummary = ({ summary, warnings }: CallSummaryProps) => {
  const { callFrequency, byPhone, timeZone } = summary;
  const { callCount, callLimit, windowStart, windowEnd, latestConversationDate } = callFrequency;
  return (
    <>
      <Verdict callFrequency={callFrequency} warnings={warnings} />
      <dl className="facts">
        <Fact name="Calls in seven days">
          <span className="calls">
            <span className="number">
              {callCount} of {callLimit}
            </span>
            <meter
              min={0}
              max={callLimit}
              high={callLimit - 1}
              value={callCount}
              aria-label={`${callCount} of ${callLimit} calls`}
            />
          </span>
        </Fact>
        <Fact name="Seven days">
          {day(windowStart)} to {day(windowEnd)} ({timeZone})
        </Fact>
        <Fact name="Latest conversation">{day(latestConversationDate)}</Fact>
        {byPhone.map(({ phoneNumber, rawPhoneNumber, outboundAttempts }) => (
          <Fact key={rawPhoneNumber} name={phone(phoneNumber, rawPhoneNumber)}>
            {outboundAttempts} {outboundAttempts === 1 ? 'attempt' : 'attempts'} in seven days
          </Fact>
        ))}
      </dl>
      <h3>Reasons</h3>
      <ul className="reasons">
        {callFrequency.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </>
  );
};

interface CallPanelProps {
  readonly contacts: PanelData<ContactsFragment>;
  readonly warnings: readonly Warning[];
}

/** The call frequency under Regulation F: what is recorded, what it means, and why. */
export const CallPanel = ({ contacts, warnings }: CallPanelProps) => (
  <Panel {...panelOf('call')} panel={contacts} source="Scollect · Regulation F" waitsFor="Scollect">
    {({ contactSummary }) => contactSummary && <CallSummary summary={contactSummary} warnings={warnings} />}
  </Panel>
);
