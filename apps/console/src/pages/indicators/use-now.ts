import { useEffect, useState } from 'react';

/** The time, fresh enough for a page that is left open overnight to tell the new day. @returns ms */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
