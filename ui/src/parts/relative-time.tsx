import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useAccount } from '../app/session.ts';
import { useFormats } from '../i18n/format.ts';

/** `3 minutes ago`; the exact time, in the account's zone, on hover and focus. */
export function RelativeTime({ at }: { at: string | null }) {
  const formats = useFormats(useAccount()?.timeZone);
  const now = useNow();
  if (at === null) return <span aria-hidden>–</span>;
  return (
    <Tooltip label={formats.exact(at)} withArrow events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at} tabIndex={0}>
        {formats.relative(at, now)}
      </time>
    </Tooltip>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
