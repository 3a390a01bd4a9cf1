import { useEffect, useState } from 'react';

/** A shorter time than this needs no explanation. */
const shownAfter = 2;

/** States what a panel waits for, and for how long already. Screen readers find it there, but do not say it each second. */
export const Waiting = ({ on }: { readonly on: string }) => {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - start) / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds < shownAfter ? null : (
    <p className="muted">
      Waiting for {on}: <span className="number">{seconds}</span> s
    </p>
  );
};
